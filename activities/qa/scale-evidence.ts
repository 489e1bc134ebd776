import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import { countsPixels, toPixels } from '../vision/boxes.ts';
import type { ImageForModel } from '../vision/provider.ts';
import { readObject } from './structural/reading.ts';
import { modelBoxes } from './structural/box-order.ts';
import type { Answer } from './types.ts';

/** What one answer shows of it. */
export type ScaleEvidence = { readonly isBeyond: true } | { readonly isBeyond: false; readonly chance: number };

const thousandths = 1000;
/** Models that write thousandths overshoot a little, too. */
const beyond = thousandths * 1.05;
/** Images that are hardly larger than 1000 pixels tell nothing, however many there are. */
const maxTellingChance = 0.85;

/**
 * Whether a box of an answer in pixels lies beyond 1000, or how likely it is by chance that none does. Undefined where
 * the answer tells nothing: no boxes, another unit, an image of at most about 1000 pixels. Pure.
 */
export function scaleEvidence(answer: Pick<Answer, 'definition' | 'image' | 'inference'>): ScaleEvidence | undefined {
  const { definition, image, inference } = answer;
  const chance = chanceBelow(image);
  if (chance > maxTellingChance || !countsPixels(definition.coordinates)) return undefined;
  const boxes = modelBoxes({ definition, reading: readObject(inference.text) });
  const reach = Math.max(...boxes.map(({ numbers }) => reachOf(numbers, definition, image)));
  if (reach > beyond) return { isBeyond: true };
  return reach > 0 && reach <= thousandths ? { isBeyond: false, chance } : undefined;
}

/** Read as sizes or corners, whatever the mode says: as far as the box goes, in pixels of the image as sent. */
function reachOf(numbers: readonly number[], { coordinates: mode }: Definition, { width, height }: ImageForModel) {
  const sent = { sentWidth: width, sentHeight: height, originalWidth: width, originalHeight: height };
  const box = toPixels(numbers, { mode, ...sent });
  return Math.max(box.x + box.width, box.y + box.height);
}

/**
 * A point anywhere in the image lies within 1000 x 1000 pixels with this likelihood; a box, which has a far side, with
 * less. Things of one image lie together, so that an image counts once, however many boxes it has.
 */
const chanceBelow = ({ width, height }: ImageForModel) =>
  Math.min(1, thousandths / width) * Math.min(1, thousandths / height);
