import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { modelBoxes } from '../structural/box-order.ts';
import type { Fault, ParsedAnswer, ScaleSeen } from '../types.ts';

/**
 * Boxes of a model that seems to mean them otherwise than it is asked: 0-1000 instead of pixels, y first, of a smaller
 * image. One answer alone cannot tell: the boxes lie in the image either way.
 */
export function coordinateScale(
  answer: ParsedAnswer,
  { max_chance, min_images }: RuleParams['domain']['coordinate_scale'],
): Fault[] {
  const { scale } = answer;
  if (scale === undefined || scale.images < min_images || scale.chance > max_chance) return [];
  const [first] = modelBoxes(answer);
  if (first === undefined) return [];
  return [{ path: first.path, message: `coordinate scale suspected: ${adviceOn(scale)} in gf25.yaml` }];
}

function adviceOn({ images, reading }: ScaleSeen): string {
  if (reading === undefined)
    return `no coordinate above 1000 in ${images} larger images, as if they were 0-1000: mend vision.coordinates`;
  const { mode, scale } = reading;
  const [as, setting] = scale === 1 ? [mode, 'coordinates'] : [`${mode} of an image ${scale} x as large`, 'image'];
  return `boxes of ${images} images suit them as ${as}: mend vision.${setting}`;
}
