import { z } from 'zod';
import { boxProperties, type Field, fieldSchema, type FieldType } from '../workflows/goflow/contracts/analysis.ts';

type Fields = Readonly<Record<string, Field>>;
interface Fault {
  readonly path: string[];
  readonly message: string;
}

/** The fields of a definition. Refuses what no answer could keep to and what would be asked or reported twice. */
export const fieldsSchema = z.record(z.string(), fieldSchema).superRefine((fields, context) => {
  for (const { path, message } of [...faultsIn(fields), ...claimed(fields)])
    context.addIssue({ code: 'custom', path, message });
});

/** Paths of faults are dotted, and a number there is the position in a list. */
const namePattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const nameRule = 'is no name for a field: letters, digits, "_" and "-", beginning with a letter';
/** What the program itself says in a result. */
const ownNames = ['processing_time_seconds', 'not_applicable'];

const claimed = (fields: Fields): Fault[] =>
  ownNames
    .filter((name) => name in fields)
    .map((name) => ({ path: [name], message: 'is what the program itself reports under this name' }));

function faultsIn(fields: Fields): Fault[] {
  const named = Object.entries(fields);
  if (named.length === 0) return [{ path: [], message: 'must not be empty' }];
  const asked = new Map<string, string>();
  return named.flatMap(([name, field]) => {
    const names = askedNames(name, field);
    const shared = names.find((each) => asked.has(each));
    for (const each of names) asked.set(each, asked.get(each) ?? name);
    const twin =
      shared !== undefined && `is asked as "${shared}", like ${asked.get(shared) ?? ''}: name one with "ask"`;
    return [
      ...(namePattern.test(name) ? [] : [{ path: [], message: `"${name}" ${nameRule}` }]),
      ...(twin ? [{ path: [name], message: twin }] : []),
      ...(field.ask === undefined || namePattern.test(field.ask)
        ? []
        : [{ path: [name, 'ask'], message: `"${field.ask}" ${nameRule}` }]),
      ...within(name, inspect(field)),
    ];
  });
}

/** What the model may be asked it as: which name a box goes by depends on the model. */
const askedNames = (name: string, { type, ask }: Field): readonly string[] =>
  ask !== undefined ? [ask] : type === 'box' ? boxProperties : [name];

const within = (name: string, faults: readonly Fault[]): Fault[] =>
  faults.map(({ path, message }) => ({ path: [name, ...path], message }));

const nothing = (): Fault[] => [];

/** What each type can have wrong beside the types of its own settings. */
const inspections: { readonly [T in FieldType]: (field: Extract<Field, { type: T }>) => Fault[] } = {
  string: ({ minLength = 0, maxLength }) => inOrder('minLength', minLength, 'maxLength', maxLength),
  enum: ({ values }) => values.flatMap(faultsOfValue),
  boolean: nothing,
  integer: ({ minimum, maximum }) => inOrder('minimum', minimum, 'maximum', maximum),
  number: ({ minimum, maximum }) => inOrder('minimum', minimum, 'maximum', maximum),
  percent: nothing,
  'hex-colour': nothing,
  box: nothing,
  list: ({ minItems = 0, maxItems, items }) => [
    ...inOrder('minItems', minItems, 'maxItems', maxItems),
    ...(items.ask === undefined ? [] : [{ path: ['items', 'ask'], message: 'items of a list are asked by no name' }]),
    ...within('items', inspect(items)),
  ],
  object: ({ fields }) => within('fields', faultsIn(fields)),
};

/** It becomes part of the prompt; see `readPrompt`. */
const movesImage = (text = '') => text.includes('[img');
const imageFault = 'must not contain "[img"';

// the table holds an inspection for every type; the compiler cannot follow the pair through the index
const inspect = (field: Field): Fault[] => [
  ...(inspections[field.type] as (field: Field) => Fault[])(field),
  ...(movesImage(field.describe) ? [{ path: ['describe'], message: imageFault }] : []),
];

/** Also where one of the two is a default. */
const inOrder = (low: string, from: number, high: string, to: number): Fault[] =>
  from > to ? [{ path: [low], message: `is ${from}, above ${high}, which is ${to}` }] : [];

function faultsOfValue(value: string, index: number, values: readonly string[]): Fault[] {
  const at = (message: string) => [{ path: ['values', String(index)], message }];
  if (value.trim() === '') return at('must not be blank');
  if (movesImage(value)) return at(imageFault);
  return values.indexOf(value) < index ? at(`"${value}" stands here twice`) : [];
}
