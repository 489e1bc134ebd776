import type { FieldTest, Relations } from '../../../workflows/goflow/contracts/qa-relations.ts';
import type { Json } from '../../vision/fields.ts';
import type { Fault, FieldAt, ParsedAnswer } from '../types.ts';
import { plainly } from '../words.ts';
import { deniedLists } from './denials.ts';
import { bestOfList } from './best-of-list.ts';

/** Fields of one answer that cannot both be right, by what its definition says of them and by what they are called. */
export const fieldsAgree = (answer: ParsedAnswer, params: Relations): Fault[] => [
  ...params.relations.flatMap((relation) => contradictions(answer, relation)),
  ...Object.entries(params.at_least_worst_of).flatMap(([whole, part]) => betterThanWorst(answer, whole, part)),
  ...bestOfList(answer),
  ...deniedLists(answer),
];

function contradictions({ fields }: ParsedAnswer, { when, then }: Relations['relations'][number]): Fault[] {
  const reasons = Object.entries(when).map(([name, test]) =>
    testedBy(fields, name, test).find((at) => holds(at, test)),
  );
  if (reasons.includes(undefined)) return [];
  const because = reasons.map((at) => at && saying(at)).join(' and ');
  return Object.entries(then).flatMap(([name, test]): Fault[] => {
    const odd = testedBy(fields, name, test).find((at) => !holds(at, test));
    return odd ? [{ path: odd.path, message: `${saying(odd)}, but ${because}` }] : [];
  });
}

function betterThanWorst({ fields }: ParsedAnswer, whole: string, part: string): Fault[] {
  const [judged] = named(fields, whole);
  if (judged?.field.type !== 'enum') return [];
  const { values } = judged.field;
  const rank = ({ value }: FieldAt) => (typeof value === 'string' ? values.indexOf(value) : -1);
  const worse = named(fields, part).find((at) => rank(at) > rank(judged));
  return worse ? [{ path: judged.path, message: `${saying(judged)}, but ${saying(worse)}` }] : [];
}

const named = (fields: readonly FieldAt[], name: string) => fields.filter((at) => at.name === name);

/** A list and its items go by one name: only the list can be empty, only items have values. */
const testedBy = (fields: readonly FieldAt[], name: string, test: FieldTest) =>
  named(fields, name).filter(({ path, value }) =>
    typeof test === 'string' ? !/\.\d+$/.test(path) : !Array.isArray(value),
  );

function holds(at: FieldAt, test: FieldTest): boolean {
  const { value } = at;
  if (typeof test === 'string') return (sizeOf(at) === 0) === (test === 'empty');
  if (Array.isArray(test)) return test.some((one) => one === value || isSaid(value, String(one)));
  const asked = asAsked(at);
  return typeof asked !== 'number' || ('at_least' in test ? asked >= test.at_least : asked <= test.at_most);
}

/** Where "none" may stand, so may what models write for it. */
const isSaid = (value: Json, said: string) =>
  typeof value === 'string' && (plainly(value) === plainly(said) || (said === 'none' && saysNone.test(value)));
const saysNone = /^\W*(n\/?a|nothing|not applicable)\W*$/i;

const sizeOf = ({ value }: FieldAt) =>
  Array.isArray(value) ? value.length : typeof value === 'string' ? value.trim().length : undefined;

/** Shares 0..1 are asked for as percentages. */
const asAsked = ({ field, value }: FieldAt) =>
  field.type === 'percent' && typeof value === 'number' ? Math.round(value * 100) : value;

function saying(at: FieldAt): string {
  const { path, value } = at;
  if (sizeOf(at) === 0) return `${path} is empty`;
  if (Array.isArray(value)) return `${path} has ${value.length === 1 ? 'an item' : `${value.length} items`}`;
  return `${path} is ${JSON.stringify(asAsked(at)).slice(0, 60)}`;
}
