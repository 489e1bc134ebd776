import { modelBoxes, writesCorners } from '../structural/box-order.ts';
import { describeBox } from '../../vision/boxes.ts';
import type { Fault, ParsedAnswer } from '../types.ts';

/**
 * Boxes in another mode than the one that was asked for, as far as the numbers alone betray it: shares where pixels or
 * thousandths belong, more than the range holds, or a size where the second corner belongs.
 */
export function coordMode(answer: ParsedAnswer): Fault[] {
  const { coordinates } = answer.definition;
  const boxes = modelBoxes(answer);
  const [first] = boxes;
  if (first === undefined) return [];
  const numbers = boxes.flatMap((box) => box.numbers);
  const most = Math.max(...numbers);
  const range = rangeOf(coordinates);
  const isShares = range !== 1 && most <= 1 && most > 0;
  const isBeyond = range !== undefined && most > range * 1.1;
  const sizes = writesCorners(coordinates) ? boxes.filter(({ numbers: [a, b, c, d] }) => c < a !== d < b) : [];
  const isSizes = sizes.length > 0 && boxes.every((box) => fitsAsSize(box.numbers, answer));
  if (!isShares && !isBeyond && !isSizes) return [];
  return [{ path: first.path, message: `${first.path}: write each box as a ${describeBox(coordinates)}` }];
}

/** What the numbers of a mode go up to; undefined where that is the size of the image. */
const rangeOf = (mode: string) => (mode.startsWith('rel1000') ? 1000 : mode.startsWith('rel1') ? 1 : undefined);

function fitsAsSize([a, b, c, d]: readonly number[], { definition, image }: ParsedAnswer): boolean {
  const range = rangeOf(definition.coordinates);
  const isYFirst = definition.coordinates.includes('yx');
  const [width, height] = range === undefined ? [image.width, image.height] : [range, range];
  const [first, second] = isYFirst ? [height, width] : [width, height];
  return (a ?? 0) + (c ?? 0) <= first * 1.02 && (b ?? 0) + (d ?? 0) <= second * 1.02;
}
