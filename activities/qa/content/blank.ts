import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { squaredDistance } from '../../vision/embedded/cielab.ts';
import type { ImageFacts, PixelFacts } from '../image-facts.ts';
import { oncePer } from '../once-per.ts';

/** Shades of one colour, by the eye: noise and a soft vignette. */
const sameColour = 12;

/** Of the main colour and its shades; every answer about an image asks. */
const mainShare = oncePer(({ colours }: PixelFacts): number => {
  const [first, ...others] = colours;
  if (first === undefined) return 1;
  const main = others.reduce((most, colour) => (colour.share > most.share ? colour : most), first);
  return colours.reduce(
    (sum, { lab, share }) => sum + (squaredDistance(lab, main.lab) <= sameColour ** 2 ? share : 0),
    0,
  );
});

/** Whether an image shows nothing: one colour throughout. So do pixels that nobody could measure. */
export function isBlank(
  { pixels }: ImageFacts,
  { max_range, min_share }: Pick<RuleParams['content']['blank_image'], 'max_range' | 'min_share'>,
): boolean {
  return pixels === undefined || pixels.range <= max_range || mainShare(pixels) >= min_share;
}
