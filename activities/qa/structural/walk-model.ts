import type { CoordinateMode, Field } from '../../../workflows/goflow/contracts/analysis.ts';
import { askedFields } from '../../vision/fields.ts';

export interface ModelValue {
  readonly path: string;
  readonly field: Field;
  readonly value: unknown;
}

/** Every field of an answer in the model's own shape and names. What has another shape is passed over. */
export function* walkModel(
  fields: Readonly<Record<string, Field>>,
  mode: CoordinateMode,
  value: unknown,
  path = '',
): Generator<ModelValue> {
  if (typeof value !== 'object' || value === null) return;
  for (const { asked, field } of askedFields(fields, mode)) {
    const inner = (value as Readonly<Record<string, unknown>>)[asked];
    yield* walkField(field, mode, inner, path === '' ? asked : `${path}.${asked}`);
  }
}

function* walkField(field: Field, mode: CoordinateMode, value: unknown, path: string): Generator<ModelValue> {
  yield { path, field, value };
  if (field.type === 'object') yield* walkModel(field.fields, mode, value, path);
  if (field.type !== 'list' || !Array.isArray(value)) return;
  for (const [index, item] of value.entries()) yield* walkField(field.items, mode, item, `${path}.${index}`);
}
