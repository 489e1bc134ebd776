import type { Combination } from './combination.ts';

/** The combinations of one image, by analysis id. */
export type Row = Map<string, Combination>;
/** By media id. Images and analyses come in the order of the plan. */
export type Rows = ReadonlyMap<string, Row>;

/** @throws {RangeError} for an image that is not in the plan */
export function rowOf(rows: Rows, mediaId: string): Row {
  const row = rows.get(mediaId);
  if (row === undefined) throw new RangeError(`no such image in the plan: ${mediaId}`);
  return row;
}

/** What `from` finds in each combination, in the order of the plan. */
export function pick<T>(rows: Rows, from: (mediaId: string, combination: Combination) => T | undefined): T[] {
  const picked: T[] = [];
  for (const [mediaId, row] of rows) {
    for (const combination of row.values()) {
      const value = from(mediaId, combination);
      if (value !== undefined) picked.push(value);
    }
  }
  return picked;
}
