import type { Definition, Field } from '../../../workflows/goflow/contracts/analysis.ts';
import { replaced } from './replaced.ts';
import type { Reading } from './reading.ts';
import { walkModel } from './walk-model.ts';

/** An answer whose numbers are numbers, and which of them were written as texts. */
export interface WithNumbers {
  readonly reading: Reading;
  readonly unquoted: readonly string[];
}

/** Numbers that were written in quotation marks, where a number was asked for: `"91"`. Pure. */
export function withNumbers({ fields, coordinates }: Definition, reading: Reading): WithNumbers {
  const quoted = [...walkModel(fields, coordinates, reading.value)].flatMap(({ path, field, value }) =>
    numbersOf(field, value).flatMap(([at, inner]) =>
      typeof inner === 'string' && isNumber.test(inner) ? [{ path: `${path}${at}`, value: Number(inner) }] : [],
    ),
  );
  return { reading: replaced(reading, quoted), unquoted: quoted.map(({ path }) => path) };
}

const isNumber = /^\s*-?(0|[1-9]\d*)(\.\d+)?\s*$/;
const numeric: readonly Field['type'][] = ['integer', 'number', 'percent'];

/** The values of a field that ought to be numbers, each with its place in it. */
function numbersOf({ type }: Field, value: unknown): (readonly [string, unknown])[] {
  if (numeric.includes(type)) return [['', value]];
  return type === 'box' && Array.isArray(value) ? value.map((one: unknown, index) => [`.${index}`, one] as const) : [];
}
