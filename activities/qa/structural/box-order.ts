import type { CoordinateMode } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Fault, RawAnswer } from '../types.ts';
import { walkModel } from './walk-model.ts';

export interface ModelBox {
  readonly path: string;
  /** As the model wrote them. */
  readonly numbers: readonly [number, number, number, number];
}

/** The boxes of an answer, as four numbers in the order and the unit in which the model wrote them. */
export function modelBoxes({
  definition: { fields, coordinates },
  reading,
}: Pick<RawAnswer, 'definition' | 'reading'>): ModelBox[] {
  return [...walkModel(fields, coordinates, reading.value)].flatMap(({ path, field, value }) => {
    if (field.type !== 'box' || !Array.isArray(value) || value.length !== 4) return [];
    return value.every((part) => typeof part === 'number')
      ? [{ path, numbers: value as unknown as ModelBox['numbers'] }]
      : [];
  });
}

/** Whether the last two numbers are the opposite corner, and not a size. */
export const writesCorners = (mode: CoordinateMode) => !/size|xywh|wh$/.test(mode);

/** Corners in the wrong order, or sizes below zero, are put right while boxes are mapped; here that is told. */
export function boxOrder(answer: RawAnswer): Fault[] {
  const isCorners = writesCorners(answer.definition.coordinates);
  return modelBoxes(answer).flatMap(({ path, numbers: [a, b, c, d] }): Fault[] => {
    if (isCorners && (c < a || d < b))
      return [{ path, message: `${path}: the corners stand in the wrong order`, fix: {} }];
    if (!isCorners && (c < 0 || d < 0))
      return [{ path, message: `${path}: width and height cannot be below zero`, fix: {} }];
    return [];
  });
}
