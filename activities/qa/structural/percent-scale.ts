import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import type { Reading } from './reading.ts';
import { replaced } from './replaced.ts';
import { walkModel } from './walk-model.ts';

/** Nobody is sure to one percent: a 1 under such a name is the whole. */
const surenessNames = /(^|[._])(confidence|certainty|likelihood|probability|score)$/;

/** An answer whose percentages are 0 to 100, and which of them were written as shares 0 to 1. */
export interface InPercent {
  readonly reading: Reading;
  readonly rescaled: readonly string[];
}

/**
 * Models that write shares 0 to 1 where percentages are asked for do so in the whole answer: one value above 1 says that a
 * 1 means one percent. Where all are 0 and 1, what they are about decides. Pure.
 */
export function inPercent({ fields, coordinates }: Definition, reading: Reading): InPercent {
  const values = [...walkModel(fields, coordinates, reading.value)].flatMap(({ path, field, value }) =>
    field.type === 'percent' && typeof value === 'number' ? [{ path, value }] : [],
  );
  const areShares =
    values.every(({ value }) => value >= 0 && value <= 1) &&
    values.some(({ path, value }) => (value > 0 && value < 1) || (value === 1 && surenessNames.test(path)));
  if (!areShares) return { reading, rescaled: [] };
  const percents = values.map(({ path, value }) => ({ path, value: Math.round(value * 100) }));
  return { reading: replaced(reading, percents), rescaled: values.map(({ path }) => path) };
}
