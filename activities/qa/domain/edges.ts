import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Box } from '../../vision/boxes.ts';
import type { SmallPicture } from '../image-facts.ts';
import { modelBoxes } from '../structural/box-order.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { overlap } from './boxes.ts';

/** Left, top, right, bottom as shares of the image. */
type Corners = readonly [number, number, number, number];

const samplesPerSide = 24;
/** Sides so near the border of the image have no edge of their own. */
const border = 0.015;
const sameBox = 0.9;
/** Between two levels. */
const mostDifference = 255;

/**
 * Whether the boxes lie on edges of the image when their numbers are read in another way (another range, y first, a size
 * for the second corner), and beside them as they stand: then that is how they were meant.
 */
export function boxOnEdges(answer: ParsedAnswer, params: RuleParams['domain']['box_on_edges']): Fault[] {
  const { image, facts } = answer;
  const written = modelBoxes(answer);
  const [first] = written;
  if (facts.pixels === undefined || first === undefined || written.length < params.min_boxes) return [];
  const { picture } = facts.pixels;
  const asMapped = answer.boxes.map(({ box }): Corners => {
    const { originalWidth: width, originalHeight: height } = image;
    return [box.x / width, box.y / height, (box.x + box.width) / width, (box.y + box.height) / height];
  });
  const given = edgeOf(asMapped, picture);
  if (given === undefined) return [];
  // few sides lie on an edge by chance more easily than many
  const minGain = params.min_gain * (1 + 1 / written.length);
  if (minGain * given > mostDifference) return [];
  const isBetter = readingsOf(answer).some((read) => {
    const boxes = written.map(({ numbers }) => read(numbers));
    if (!boxes.every(isInside) || isLike(boxes, asMapped)) return false;
    const edge = edgeOf(boxes, picture) ?? 0;
    return edge >= params.min_edge && edge >= minGain * given;
  });
  return isBetter ? [{ path: first.path, message: `${first.path}: the boxes do not lie on what they name` }] : [];
}

type Read = (numbers: readonly [number, number, number, number]) => Corners;

/** Every way in which models write boxes. */
function readingsOf({ image }: ParsedAnswer): Read[] {
  const ranges = [
    [1, 1],
    [1000, 1000],
    [image.width, image.height],
    [image.originalWidth, image.originalHeight],
  ] as const;
  return ranges.flatMap(([width, height]) =>
    [false, true].flatMap((isYFirst) =>
      [false, true].map((isSize): Read => ([a, b, c, d]) => {
        const [x1, y1, x2, y2] = isYFirst ? [b, a, d, c] : [a, b, c, d];
        const [left, top] = [x1 / width, y1 / height];
        return [left, top, x2 / width + (isSize ? left : 0), y2 / height + (isSize ? top : 0)];
      }),
    ),
  );
}

const isInside = ([left, top, right, bottom]: Corners) =>
  left >= -0.01 && top >= -0.01 && right <= 1.01 && bottom <= 1.01 && right - left > 0.01 && bottom - top > 0.01;

const boxOf = ([left, top, right, bottom]: Corners): Box => {
  return { x: left, y: top, width: right - left, height: bottom - top };
};
const isLike = (boxes: readonly Corners[], others: readonly Corners[]) =>
  boxes.length === others.length &&
  boxes.every((box, index) => overlap(boxOf(box), boxOf(others[index] ?? [0, 0, 0, 0])) > sameBox);

/** The mean difference in levels across the sides of boxes. Undefined where all sides are the image's own. */
function edgeOf(boxes: readonly Corners[], picture: SmallPicture): number | undefined {
  let [sum, sides] = [0, 0];
  const add = (at: number, from: number, to: number, isVertical: boolean) => {
    if (at < border || at > 1 - border) return;
    sum += across(picture, at, from, to, isVertical);
    sides += 1;
  };
  for (const [left, top, right, bottom] of boxes) {
    for (const x of [left, right]) add(x, top, bottom, true);
    for (const y of [top, bottom]) add(y, left, right, false);
  }
  return sides === 0 ? undefined : sum / sides;
}

/** The mean difference across one side, in the channel where it is largest, with a pixel of tolerance. */
function across({ levels, width, height }: SmallPicture, at: number, from: number, to: number, isVertical: boolean) {
  const [along, over] = isVertical ? [height, width] : [width, height];
  const [stepAlong, stepOver] = isVertical ? [width * 3, 3] : [3, width * 3];
  const middle = Math.round(at * over);
  let sum = 0;
  for (let sample = 0; sample < samplesPerSide; sample += 1) {
    const position = Math.floor((from + ((to - from) * (sample + 0.5)) / samplesPerSide) * along);
    const row = Math.min(along - 1, Math.max(0, position)) * stepAlong;
    let largest = 0;
    // five pixels across the side: three pairs that are two apart
    for (let shift = -2; shift <= 0; shift += 1) {
      const near = row + Math.min(over - 1, Math.max(0, middle + shift)) * stepOver;
      const far = row + Math.min(over - 1, Math.max(0, middle + shift + 2)) * stepOver;
      for (let channel = 0; channel < 3; channel += 1)
        largest = Math.max(largest, Math.abs((levels[far + channel] ?? 0) - (levels[near + channel] ?? 0)));
    }
    sum += largest;
  }
  return sum / samplesPerSide;
}
