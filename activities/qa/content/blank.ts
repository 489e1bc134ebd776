import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { squaredDistance } from '../../vision/embedded/cielab.ts';
import type { ImageFacts } from '../image-facts.ts';

/** Shades of one colour, by the eye: noise and a soft vignette. */
const sameColour = 12;

/** Whether an image shows nothing: one colour throughout. So do pixels that nobody could measure. */
export function isBlank(
  { pixels }: ImageFacts,
  { max_range, min_share }: Pick<RuleParams['content']['blank_image'], 'max_range' | 'min_share'>,
): boolean {
  if (pixels === undefined || pixels.range <= max_range) return true;
  const [main] = pixels.colours.toSorted((a, b) => b.share - a.share);
  if (main === undefined) return true;
  const share = pixels.colours.reduce(
    (sum, { lab, share }) => sum + (squaredDistance(lab, main.lab) <= sameColour ** 2 ? share : 0),
    0,
  );
  return share >= min_share;
}
