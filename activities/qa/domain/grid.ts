import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { BoxAt, Fault, ParsedAnswer } from '../types.ts';

/** How full a grid must be, and which part of all boxes it must be. */
const minFilled = 0.75;
const minPart = 0.6;

/** Boxes of one size at constant steps were not found but made up: what is seen differs by some pixels. */
export function boxGridSuspect(answer: ParsedAnswer, params: RuleParams['domain']['box_grid_suspect']): Fault[] {
  return [...groupByList(answer.boxes)].flatMap(([list, boxes]): Fault[] => {
    // a share of a box, and what a model's whole numbers round away
    const { width, height, originalWidth, originalHeight } = answer.image;
    const unit = Math.max(originalWidth, originalHeight) / Math.min(1000, Math.max(width, height));
    const slackOf = ([first]: readonly BoxAt[]) =>
      params.tolerance_share * Math.min(first?.box.width ?? 0, first?.box.height ?? 0) + unit;
    const alike = largestAlike(boxes, slackOf);
    const isSuspect =
      alike.length >= params.min_boxes && alike.length >= minPart * boxes.length && isRegular(alike, slackOf(alike));
    return isSuspect
      ? [
          {
            path: list,
            message: `${list}: ${alike.length} boxes of one size in a regular grid: give what you really see`,
          },
        ]
      : [];
  });
}

function groupByList(boxes: readonly BoxAt[]): Map<string, BoxAt[]> {
  const lists = new Map<string, BoxAt[]>();
  for (const box of boxes) lists.set(box.list, [...(lists.get(box.list) ?? []), box]);
  return lists;
}

/** The most boxes that have the size of one of them. */
function largestAlike(boxes: readonly BoxAt[], slackOf: (boxes: readonly BoxAt[]) => number): BoxAt[] {
  let largest: BoxAt[] = [];
  for (const one of boxes.slice(0, 20)) {
    const { box } = one;
    const slack = slackOf([one]);
    const isAlike = ({ box: other }: BoxAt) =>
      Math.abs(other.width - box.width) <= slack && Math.abs(other.height - box.height) <= slack;
    const alike = boxes.filter(isAlike);
    if (alike.length > largest.length) largest = alike;
  }
  return largest;
}

function isRegular(boxes: readonly BoxAt[], slack: number): boolean {
  const xs = distinct(
    boxes.map(({ box }) => box.x),
    slack,
  );
  const ys = distinct(
    boxes.map(({ box }) => box.y),
    slack,
  );
  if (!hasConstantSteps(xs, slack) || !hasConstantSteps(ys, slack)) return false;
  // a row, a column, a diagonal, or most places of a grid
  const isDiagonal = xs.length === boxes.length && ys.length === boxes.length && isMonotone(boxes);
  return isDiagonal || boxes.length >= minFilled * xs.length * ys.length;
}

const isMonotone = (boxes: readonly BoxAt[]) => {
  const ys = boxes.toSorted((a, b) => a.box.x - b.box.x).map(({ box }) => box.y);
  const signs = new Set(ys.slice(1).map((y, index) => Math.sign(y - (ys[index] ?? 0))));
  return signs.size === 1;
};

/** Sorted values that are further apart than the slack. */
function distinct(values: readonly number[], slack: number): number[] {
  const kept: number[] = [];
  for (const value of values.toSorted((a, b) => a - b))
    if (kept.length === 0 || value - (kept.at(-1) ?? 0) > slack) kept.push(value);
  return kept;
}

function hasConstantSteps(values: readonly number[], slack: number): boolean {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.length === 0 || Math.max(...steps) - Math.min(...steps) <= 2 * slack;
}
