import { checkOf } from '../../vision/fields.ts';
import type { Fault, RawAnswer, RuleTable } from '../types.ts';
import { boxOrder } from './box-order.ts';
import { walkModel } from './walk-model.ts';

const fault = (message: string, path = ''): Fault[] => [{ path, message }];
const maxExtras = 5;

/** Stage 1: is it a whole answer of the right shape? The first rule that asks again ends the stage. */
export const structuralRules: RuleTable<RawAnswer, 'structural'> = {
  finish_stop: ({ inference }) =>
    inference.finish === 'length' ? fault('the answer was cut at the token limit: answer more briefly') : [],

  finish_complete({ inference: { finish, maxBytes } }) {
    if (finish === 'too-long')
      return fault(`the answer was above ${maxBytes ?? 0} bytes (vision.maxAnswerBytes) and was left: answer briefly`);
    return finish === 'incomplete' ? fault('the answer broke off before its end') : [];
  },

  json_present: ({ inference: { text } }) =>
    text.includes('{') ? [] : fault('the answer is not JSON: answer with one JSON object and nothing else'),

  json_parse: ({ reading }) =>
    reading.value === undefined
      ? fault(`the answer is not a JSON object: ${reading.fault ?? 'it is another value'}`)
      : [],

  json_alone: ({ reading }) =>
    reading.value === undefined || reading.isAlone
      ? []
      : [{ path: '', message: 'there was more than the JSON object; the rest was dropped', fix: {} }],

  json_dialect: ({ reading: { dialects } }) =>
    dialects.map((dialect) => ({ path: '', message: `${dialect}: that is no JSON, and was put right`, fix: {} })),

  json_duplicate_keys: ({ reading: { twins } }) => twins.flatMap((key) => fault(`"${key}" stands twice in one object`)),

  numbers_finite: ({ reading }) => [...notFinite(reading.value, '')].slice(0, 10),

  numbers_quoted: ({ unquoted: [first] }) =>
    first === undefined ? [] : [{ path: first, message: `${first}: a text was taken for the number in it`, fix: {} }],

  percent_scale: ({ rescaled: [first] }) =>
    first === undefined ? [] : [{ path: first, message: `${first}: shares 0-1 were taken for percentages`, fix: {} }],

  schema({ reading, definition }, { max_issues }) {
    const checked = checkOf(definition.fields, definition.coordinates).safeParse(reading.value);
    if (checked.success) return [];
    return checked.error.issues.slice(0, max_issues).map(({ path, message }): Fault => {
      const at = path.map(String).join('.');
      return { path: at, message: `${at || 'the answer'}: ${message}` };
    });
  },

  schema_extra({ reading, definition: { fields, coordinates } }) {
    const known = new Set([...walkModel(fields, coordinates, reading.value)].map(({ path }) => path));
    const extra = [...propertiesOf(reading.value, '')].filter((path) => !known.has(path) && isBelow(path, known));
    return extra.slice(0, maxExtras).map((path) => {
      return { path, message: `${path} was not asked for and was dropped`, fix: {} };
    });
  },

  box_order: boxOrder,
};

/** Only the outermost property that nobody asked for is told, and lists of plain values are their field's own. */
const isBelow = (path: string, known: ReadonlySet<string>) => {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  return (parent === '' || known.has(parent)) && !/\.\d+$/.test(path);
};

function* notFinite(value: unknown, path: string): Generator<Fault> {
  if (typeof value === 'number' && !Number.isFinite(value))
    yield { path, message: `${path}: the number is too large to be one` };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* notFinite(inner, path === '' ? key : `${path}.${key}`);
}

function* propertiesOf(value: unknown, path: string): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    yield at;
    yield* propertiesOf(inner, at);
  }
}
