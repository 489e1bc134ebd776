import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Json } from '../../vision/fields.ts';
import { matchesAny } from '../patterns.ts';
import type { Fault, FieldAt, ParsedAnswer } from '../types.ts';
import { plainly, wordsOf } from '../words.ts';

type Params = RuleParams['content'];
interface List extends Pick<FieldAt, 'path'> {
  readonly items: readonly Json[];
  readonly areChoices: boolean;
  /** Fewer would not be what was asked for. */
  readonly minItems: number;
}

/** Items that say only that there is none: a list may be empty. Where "none" is a choice, it is an answer. */
export const emptyItems = (answer: ParsedAnswer, { patterns }: Params['empty_items']): Fault[] =>
  listsOf(answer).flatMap((list) =>
    withoutItems(
      list,
      (item) => !list.areChoices && typeof item === 'string' && matchesAny(patterns, item.trim()),
      'it says that there is none: leave it out',
    ),
  );

/** Items of a list that say the same again; what was read from the image may. */
export const repeatedItems = (answer: ParsedAnswer, { min_words }: Params['repeated_items']): Fault[] =>
  listsOf(answer).flatMap((list) => {
    const seen = new Set<string>();
    const isTwin = (item: Json) => {
      const said = sayingOf(item);
      return wordsOf(said).length >= min_words && seen.size === seen.add(said).size;
    };
    return withoutItems(list, isTwin, 'it stands in the list already');
  });

/** Lists of what the model says in its own words. */
function listsOf({ fields, texts }: ParsedAnswer): List[] {
  const transcripts = texts.filter(({ kind }) => kind === 'transcript').map(({ path }) => path);
  return fields.flatMap(({ path, field, value }): List[] => {
    if (field.type !== 'list' || !Array.isArray(value) || value.length === 0) return [];
    if (transcripts.some((at) => at === path || at.startsWith(`${path}.`))) return [];
    return [{ path, items: value, areChoices: field.items.type === 'enum', minItems: field.minItems ?? 0 }];
  });
}

/** A fault for each item that can be left out, or one for the list where too few would be left. */
function withoutItems({ path, items, minItems }: List, isDoomed: (item: Json) => boolean, why: string): Fault[] {
  const doomed = items.flatMap((item, index) => (isDoomed(item) ? [`${path}.${index}`] : []));
  if (doomed.length > 0 && items.length - doomed.length < minItems)
    return [{ path, message: `${path}: give at least ${minItems} items, each only once` }];
  return doomed.map((at) => ({ path: at, message: `${at}: ${why}` }));
}

/** What an item says; things with a box are told apart by it. */
const sayingOf = (item: Json): string => {
  if (typeof item === 'string') return plainly(item);
  if (typeof item !== 'object' || item === null) return '';
  const values = Object.values(item);
  if (values.some((value) => typeof value === 'object')) return '';
  return values.some((value) => typeof value === 'string' && wordsOf(value).length > 2) ? JSON.stringify(item) : '';
};
