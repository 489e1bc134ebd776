import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Box } from '../../vision/boxes.ts';
import type { GreyPicture } from '../image-facts.ts';
import { modelBoxes } from '../structural/box-order.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { overlap } from './boxes.ts';

/** Left, top, right, bottom as shares of the image. */
type Corners = readonly [number, number, number, number];

const samplesPerSide = 24;
/** Sides so near the border of the image have no edge of their own. */
const border = 0.015;
const sameBox = 0.9;

/**
 * Whether the boxes lie on edges of the image when their numbers are read in another way (another range, y first, a size
 * for the second corner), and beside them as they stand: then that is how they were meant.
 */
export function boxOnEdges(answer: ParsedAnswer, params: RuleParams['domain']['box_on_edges']): Fault[] {
  const { image, facts } = answer;
  const written = modelBoxes(answer);
  const [first] = written;
  if (facts.pixels === undefined || first === undefined || written.length < params.min_boxes) return [];
  const { grey } = facts.pixels;
  const asMapped = answer.boxes.map(({ box }): Corners => {
    const { originalWidth: width, originalHeight: height } = image;
    return [box.x / width, box.y / height, (box.x + box.width) / width, (box.y + box.height) / height];
  });
  const given = edgeOf(asMapped, grey);
  if (given === undefined) return [];
  // few sides lie on an edge by chance more easily than many
  const minGain = params.min_gain * (1 + 1 / written.length);
  const isBetter = readingsOf(answer).some((read) => {
    const boxes = written.map(({ numbers }) => read(numbers));
    if (!boxes.every(isInside) || isLike(boxes, asMapped)) return false;
    const edge = edgeOf(boxes, grey) ?? 0;
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

/** The mean difference in grey levels across the sides of boxes. Undefined where all sides are the image's own. */
function edgeOf(boxes: readonly Corners[], grey: GreyPicture): number | undefined {
  const sides = boxes.flatMap(([left, top, right, bottom]) => [
    ...[left, right].map((x) => (isBorder(x) ? undefined : across(grey, x, [top, bottom], true))),
    ...[top, bottom].map((y) => (isBorder(y) ? undefined : across(grey, y, [left, right], false))),
  ]);
  const seen = sides.filter((side) => side !== undefined);
  return seen.length === 0 ? undefined : seen.reduce((sum, side) => sum + side, 0) / seen.length;
}

const isBorder = (at: number) => at < border || at > 1 - border;

/** The mean difference across one side, with a pixel of tolerance. */
function across(grey: GreyPicture, at: number, [from, to]: readonly [number, number], isVertical: boolean): number {
  const { levels, width, height } = grey;
  const [along, over] = isVertical ? [height, width] : [width, height];
  const [stepAlong, stepOver] = isVertical ? [width, 1] : [1, width];
  const last = over - 1;
  const middle = Math.round(at * over);
  // five pixels across the side: three pairs that are two apart
  const offsets = [-2, -1, 0, 1, 2].map((shift) => Math.min(last, Math.max(0, middle + shift)) * stepOver);
  const [o0 = 0, o1 = 0, o2 = 0, o3 = 0, o4 = 0] = offsets;
  let sum = 0;
  for (let sample = 0; sample < samplesPerSide; sample += 1) {
    const position = Math.floor((from + ((to - from) * (sample + 0.5)) / samplesPerSide) * along);
    const row = Math.min(along - 1, Math.max(0, position)) * stepAlong;
    const level = (offset: number) => levels[row + offset] ?? 0;
    sum += Math.max(Math.abs(level(o2) - level(o0)), Math.abs(level(o3) - level(o1)), Math.abs(level(o4) - level(o2)));
  }
  return sum / samplesPerSide;
}
