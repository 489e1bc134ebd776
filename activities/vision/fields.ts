import { z } from 'zod';
import type { CoordinateMode, Field, FieldType } from '../../workflows/goflow/contracts/analysis.ts';
import { boxJsonSchema, boxProperty, describeBox, type Frame, modelBoxSchema, toPixels } from './boxes.ts';

/** A JSON value in GoFlow's shape. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Fields = Readonly<Record<string, Field>>;
type JsonSchema = Record<string, unknown>;

/** What a field type knows: how it is asked from a model, checked, described in the prompt and turned into a result. */
interface Handler<F extends Field> {
  readonly jsonSchema: (field: F, mode: CoordinateMode) => JsonSchema;
  readonly check: (field: F, mode: CoordinateMode) => z.ZodType;
  readonly describe: (field: F, mode: CoordinateMode) => string;
  readonly toResult: (field: F, value: never, frame: Frame) => Json;
}

const bounded = (type: 'integer' | 'number') => ({
  jsonSchema: ({ minimum, maximum }: { minimum: number; maximum: number }) => ({ type, minimum, maximum }),
  describe: ({ minimum, maximum }: { minimum: number; maximum: number }) => `${type} from ${minimum} to ${maximum}`,
  toResult: (_: unknown, value: never): Json => value,
});
const asIs = (_: unknown, value: never): Json => value;

const handlers: { readonly [T in FieldType]: Handler<Extract<Field, { type: T }>> } = {
  string: {
    jsonSchema: ({ minLength, maxLength }) => ({ type: 'string', ...(minLength && { minLength }), maxLength }),
    check: ({ minLength = 0, maxLength }) => z.string().trim().min(minLength).max(maxLength),
    describe: ({ maxLength }) => `text of at most ${maxLength} characters`,
    toResult: asIs,
  },
  enum: {
    jsonSchema: ({ values }) => ({ type: 'string', enum: values }),
    check: ({ values }) => z.enum(values as [string, ...string[]]),
    describe: ({ values }) => `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    toResult: asIs,
  },
  boolean: {
    jsonSchema: () => ({ type: 'boolean' }),
    check: () => z.boolean(),
    describe: () => 'true or false',
    toResult: asIs,
  },
  integer: { ...bounded('integer'), check: ({ minimum, maximum }) => z.int().min(minimum).max(maximum) },
  number: { ...bounded('number'), check: ({ minimum, maximum }) => z.number().min(minimum).max(maximum) },
  percent: {
    jsonSchema: () => ({ type: 'integer', minimum: 0, maximum: 100 }),
    check: () => z.int().min(0).max(100),
    describe: () => 'integer from 0 to 100',
    toResult: (_, value: number) => value / 100,
  },
  'hex-colour': {
    jsonSchema: () => ({ type: 'string', pattern: '^#[0-9a-f]{6}$' }),
    check: () => z.string().regex(/^#[\da-f]{6}$/i, 'must be a colour like "#1a2b3c"'),
    describe: () => 'colour like "#1a2b3c"',
    toResult: (_, value: string) => value.toLowerCase(),
  },
  box: {
    jsonSchema: (_, mode) => boxJsonSchema(mode),
    check: (_, mode) => modelBoxSchema(mode),
    describe: (_, mode) => describeBox(mode),
    toResult: (_, value: readonly number[], frame) => ({ ...toPixels(value, frame) }),
  },
  list: {
    jsonSchema: ({ items, minItems = 0, maxItems }, mode) => ({
      type: 'array',
      items: handle(items).jsonSchema(items, mode),
      minItems,
      maxItems,
    }),
    check: ({ items, minItems = 0, maxItems }, mode) =>
      z.array(handle(items).check(items, mode)).min(minItems).max(maxItems),
    describe: ({ items, minItems = 0, maxItems }, mode) =>
      `list of ${minItems > 0 ? `${minItems} to` : 'at most'} ${maxItems}, each ${inWords(items, mode)}`,
    toResult: ({ items }, value: readonly never[], frame) =>
      value.map((item) => handle(items).toResult(items, item, frame)),
  },
  object: {
    jsonSchema: ({ fields }, mode) => jsonSchemaOf(fields, mode),
    check: ({ fields }, mode) => checkOf(fields, mode),
    describe: ({ fields }, mode) =>
      `object {${askedFields(fields, mode)
        .map(({ asked, field }) => `"${asked}": ${inWords(field, mode)}`)
        .join(', ')}}`,
    toResult: ({ fields }, value: Record<string, unknown>, frame) => resultOf(fields, value, frame),
  },
};

// the table holds a handler for every type; the compiler cannot follow the pair through the index
const handle = (field: Field): Handler<Field> => handlers[field.type] as unknown as Handler<Field>;

/** Inside a list or an object: what a field is for stands in brackets. */
const inWords = (field: Field, mode: CoordinateMode) =>
  `${handle(field).describe(field, mode)}${field.describe ? ` (${field.describe})` : ''}`;

/** Fields with their names in the result and in the model's JSON, in the order of the schema. */
export const askedFields = (fields: Fields, mode: CoordinateMode) =>
  Object.entries(fields).map(([name, field]) => ({ name, asked: askedAs(name, field, mode), field }));

/** The property in the model's JSON: boxes go by the name that models are trained on. */
const askedAs = (name: string, field: Field, mode: CoordinateMode) =>
  field.ask ?? (field.type === 'box' ? boxProperty(mode) : name);

/** JSON Schema for the server. A grammar is not validation: `checkOf` looks again. */
export function jsonSchemaOf(fields: Fields, mode: CoordinateMode): JsonSchema {
  const list = askedFields(fields, mode);
  return {
    type: 'object',
    properties: Object.fromEntries(list.map(({ asked, field }) => [asked, handle(field).jsonSchema(field, mode)])),
    required: list.map(({ asked }) => asked),
    additionalProperties: false,
  };
}

type Check = z.ZodType<Record<string, unknown>>;

/** Definitions live as long as their plan; building a check takes longer than using it. */
const checks = new WeakMap<Fields, Map<CoordinateMode, Check>>();

/** The zod check of an answer in the model's shape. Unknown properties are dropped. */
export function checkOf(fields: Fields, mode: CoordinateMode): Check {
  const known = checks.get(fields) ?? new Map<CoordinateMode, Check>();
  checks.set(fields, known);
  const check = known.get(mode) ?? buildCheck(fields, mode);
  known.set(mode, check);
  return check;
}

const buildCheck = (fields: Fields, mode: CoordinateMode): Check =>
  z.object(
    Object.fromEntries(askedFields(fields, mode).map(({ asked, field }) => [asked, handle(field).check(field, mode)])),
  );

/** The fields in words, for the prompt: a schema alone is not enough for every model. */
export function describeFields(fields: Fields, mode: CoordinateMode): string {
  return askedFields(fields, mode)
    .map(
      ({ asked, field }) =>
        `- "${asked}": ${handle(field).describe(field, mode)}${field.describe ? `: ${field.describe}` : ''}`,
    )
    .join('\n');
}

/** A checked answer in GoFlow's shape: names, shares 0..1, boxes in pixels of the original. */
export function resultOf(
  fields: Fields,
  answer: Readonly<Record<string, unknown>>,
  frame: Frame,
): { [key: string]: Json } {
  return Object.fromEntries(
    askedFields(fields, frame.mode).map(({ name, asked, field }) => [
      name,
      handle(field).toResult(field, answer[asked] as never, frame),
    ]),
  );
}
