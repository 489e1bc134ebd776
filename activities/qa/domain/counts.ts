import type { Field } from '../../../workflows/goflow/contracts/analysis.ts';
import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Json } from '../../vision/fields.ts';
import type { Fault, ParsedAnswer } from '../types.ts';

type Fields = Readonly<Record<string, Field>>;
const countWords = /(^|_)(count|counts|number|num|total|of|n)(?=_|$)/g;

/** Nobody draws boxes for so many times the number with which one may stop: those in front stand for all. */
const crowdFactor = 5;
/** But each for so many at most, and one alone for itself. */
const maxPerBox = 50;

/** A count beside the list of what was counted: `people_count` and `people`. A full list, a long one, or that of a crowd
 * may stand for more. */
export function countMatches(
  { definition, result, fields }: ParsedAnswer,
  { crowd_boxes }: RuleParams['domain']['count_matches'],
): Fault[] {
  const objects = fields.flatMap(({ path, field, value }) =>
    field.type === 'object' ? [{ path: `${path}.`, inner: field.fields, value }] : [],
  );
  return [{ path: '', inner: definition.fields, value: result as Json }, ...objects].flatMap(({ path, inner, value }) =>
    pairsOf(inner).flatMap(({ count, list, maxItems }): Fault[] => {
      const { [count]: counted, [list]: listed } = value as { [key: string]: Json };
      if (typeof counted !== 'number' || !Array.isArray(listed) || counted === listed.length) return [];
      const isFull = listed.length >= maxItems;
      const isStopped = listed.length >= crowd_boxes;
      const isCrowd = listed.length > 1 && counted >= crowd_boxes * crowdFactor;
      const isNear = counted <= listed.length * maxPerBox;
      if (counted > listed.length && (isFull || ((isStopped || isCrowd) && isNear))) return [];
      const message = `${path}${count}: it says ${counted}, but ${path}${list} has ${listed.length}`;
      return [{ path: `${path}${count}`, message }];
    }),
  );
}

function pairsOf(fields: Fields): { count: string; list: string; maxItems: number }[] {
  const counts = Object.entries(fields).filter(([name, { type }]) => type === 'integer' && stemOf(name) !== name);
  const lists = Object.entries(fields).flatMap(([name, field]) => (field.type === 'list' ? [{ name, field }] : []));
  return counts.flatMap(([count]) => {
    const byName = lists.find(({ name }) => isSameStem(stemOf(count), name));
    const [only] = lists;
    const isOnlyPair = counts.length === 1 && lists.length === 1 && only !== undefined && hasBox(only.field.items);
    const list = byName ?? (isOnlyPair ? only : undefined);
    return list ? [{ count, list: list.name, maxItems: list.field.maxItems }] : [];
  });
}

const stemOf = (name: string) => name.replaceAll(countWords, '').replace(/^_+|_+$/g, '');

/** `face_count` and `faces`, `people_count` and `people`, `box_count` and `boxes`. */
const isSameStem = (stem: string, list: string) =>
  stem !== '' && [list, list.replace(/s$/, ''), list.replace(/es$/, ''), list.replace(/ies$/, 'y')].includes(stem);

const hasBox = (field: Field): boolean =>
  field.type === 'box' || (field.type === 'object' && Object.values(field.fields).some(({ type }) => type === 'box'));
