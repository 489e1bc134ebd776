import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { type Box, describeBox, lastPlace, tenth } from '../../vision/boxes.ts';
import { frameOf } from '../frame.ts';
import type { BoxAt, Fault, ParsedAnswer } from '../types.ts';

type Params = RuleParams['domain'];

/** Position and size are rounded to 0.1 px each while boxes are mapped. */
const mappingPixels = 0.15;

/** A small overshoot is cut off; further out, beside the image, or without an area, the box is wrong. */
export function boxInImage({ boxes, image, definition }: ParsedAnswer, { clamp_px }: Params['box_in_image']): Fault[] {
  const { originalWidth: width, originalHeight: height } = image;
  // a model's box is as coarse as the scale between what it saw and the original
  const allowed = clamp_px * Math.max(width / image.width, height / image.height, 1);
  // a model rounds what it writes, too
  const rounding = mappingPixels + lastPlace(frameOf(definition, image));
  return boxes.flatMap(({ path, box, written }): Fault[] => {
    const at = written?.path ?? path;
    const as = `write it as a ${describeBox(definition.coordinates)}`;
    if (box.width <= 0 || box.height <= 0) return [{ path, message: `${at}: the box is empty: ${as}` }];
    const right = box.x + box.width;
    const bottom = box.y + box.height;
    const overshoot = Math.max(-box.x, -box.y, right - width, bottom - height);
    if (overshoot <= 0) return [];
    const corners = written?.numbers ?? [box.x, box.y, tenth(right), tenth(bottom)];
    const message = `${at}: [${corners.join(', ')}] leaves the image: ${as}`;
    const value = clamped(box, width, height);
    const isSmall = overshoot <= allowed && value.width > 0 && value.height > 0;
    const isOurs = overshoot <= rounding && { isOurs: true as const };
    return [{ path, message, ...(isSmall && { fix: { value: { ...value } }, ...isOurs }) }];
  });
}

function clamped(box: Box, width: number, height: number): Box {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  return {
    x,
    y,
    width: tenth(Math.min(width, box.x + box.width) - x),
    height: tenth(Math.min(height, box.y + box.height) - y),
  };
}

export const boxMin = ({ boxes }: ParsedAnswer, { side_px, area_px }: Params['box_min']): Fault[] =>
  boxes.flatMap(({ path, box: { width, height } }) =>
    Math.min(width, height) < side_px || width * height < area_px
      ? [{ path, message: `${path}: ${width} x ${height} pixels are too small to see anything in` }]
      : [],
  );

/** One thing may fill the image; several that all do were not found but guessed. */
export function boxMax({ boxes, image }: ParsedAnswer, params: Params['box_max']): Fault[] {
  const { area_share, min_boxes, unless_labels } = params;
  const imageArea = image.originalWidth * image.originalHeight;
  const full = boxes.filter(
    ({ box, label }) =>
      box.width * box.height >= area_share * imageArea && !unless_labels.includes(label?.toLowerCase() ?? ''),
  );
  return full.flatMap(({ path, list }) => {
    // a crop beside a list of things may well be the whole image, like the one thing in it
    const alike = full.filter((other) => other.list === list).length;
    return alike < min_boxes ? [] : [{ path, message: `${path}: it is the whole image, like ${alike - 1} more` }];
  });
}

/** The same thing twice: about the same box and the same marks, in one list. The surer one stays. */
export function boxDuplicates({ boxes }: ParsedAnswer, { iou }: Params['box_duplicates']): Fault[] {
  const kept: BoxAt[] = [];
  const doomed: Fault[] = [];
  for (const box of boxes.toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))) {
    const twin = kept.find(
      (other) => other.list === box.list && other.marks === box.marks && overlap(other.box, box.box) >= iou,
    );
    if (twin) doomed.push({ path: box.path, message: `${box.path}: the same box as ${twin.path}` });
    else kept.push(box);
  }
  return doomed;
}

/** A box for one thing is not the box of several others: person and rider may share one, not three things. */
export function boxOneForAll({ boxes }: ParsedAnswer, { iou, min_boxes }: Params['box_one_for_all']): Fault[] {
  const stack = boxes
    .slice(0, 20)
    .map((one) => boxes.filter((other) => other.list === one.list && overlap(one.box, other.box) >= iou))
    .find((alike) => alike.length >= min_boxes);
  const [first] = stack ?? [];
  if (!stack || !first) return [];
  return [{ path: first.path, message: `${first.path}: ${stack.length} things in one box: give each its own` }];
}

/** Intersection over union, 0..1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
