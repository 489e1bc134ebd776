import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { modelBoxes } from '../structural/box-order.ts';
import type { Fault, ParsedAnswer } from '../types.ts';

/**
 * Boxes of a model that seems to write 0-1000 where pixels are asked for. One answer alone cannot tell: what is below
 * 1000 lies in the image either way.
 */
export function coordinateScale(
  answer: ParsedAnswer,
  { max_chance, min_images }: RuleParams['domain']['coordinate_scale'],
): Fault[] {
  const { scale } = answer;
  if (scale === undefined || scale.images < min_images || scale.chance > max_chance) return [];
  const [first] = modelBoxes(answer);
  if (first === undefined) return [];
  const what = `no coordinate above 1000 in ${scale.images} larger images, as if they were 0-1000`;
  return [{ path: first.path, message: `coordinate scale suspected: ${what}: mend vision.coordinates in gf25.yaml` }];
}
