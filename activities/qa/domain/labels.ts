import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { plainly, wordsOf } from '../words.ts';

type Params = RuleParams['domain'];

/** Labels are the texts beside boxes: one or a few words, no sentences, no bare numbers, no coordinates. */
export function labelSanity({ texts, boxes }: ParsedAnswer, { max_words }: Params['label_sanity']): Fault[] {
  const parents = new Set(boxes.map(({ path }) => parentOf(path)));
  return texts.flatMap(({ path, text, kind }): Fault[] => {
    if (kind !== 'label' || !parents.has(parentOf(path))) return [];
    const words = wordsOf(text);
    if (/^[\d\s.,:;%#+-]+$/.test(text) || /\d+(?:\.\d+)?\s*,\s*\d+|[:=(]\s*\d*\.?\d+\s*%?\)?$/.test(text))
      return [{ path, message: `${path}: give the name of the thing, not numbers` }];
    const lower = words.filter((word) => text.includes(word));
    if (lower.some(isNoWord)) return [{ path, message: `${path}: "${text.slice(0, 40)}" is no word` }];
    const isSentence = words.length > max_words || (words.length > 3 && /[.!?]\s*$/.test(text));
    return isSentence ? [{ path, message: `${path}: give a name of a few words, not a sentence` }] : [];
  });
}

/** Letters without a vowel, one letter again and again, or digits within the letters: `xkqz`, `aaaa`, `c1rc1e`. */
const isNoWord = (word: string) =>
  (/^[a-z]{4,}$/.test(word) && !/[aeiouy]/.test(word)) || /(\p{L})\1{3}/u.test(word) || /\p{L}\d\p{L}+\d/u.test(word);

/** Labels that the analysis does not know; another spelling of one that it knows is put right. */
export function labelVocabulary({ texts }: ParsedAnswer, { labels }: Params['label_vocabulary']): Fault[] {
  if (labels.length === 0) return [];
  const known = new Map(labels.map((label) => [singular(plainly(label)), label]));
  return texts.flatMap(({ path, text, kind }): Fault[] => {
    if (kind !== 'label') return [];
    const label = known.get(singular(plainly(text)));
    if (label === text) return [];
    if (label !== undefined)
      return [{ path, message: `${path}: "${text}" is written "${label}"`, fix: { value: label } }];
    const some = labels.slice(0, 30).join(', ');
    return [{ path, message: `${path}: "${text.slice(0, 40)}" is not one of the known labels: ${some}` }];
  });
}

const singular = (text: string) => (/(ss|us|is)$/.test(text) ? text : text.replace(/(?<=ss|x|ch|sh)es$|(?<!s)s$/, ''));
const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('.')));

/** Many things and one confidence for all of them: it was not estimated. */
export function confidenceSpread({ boxes }: ParsedAnswer, params: Params['confidence_spread']): Fault[] {
  const lists = new Map<string, number[]>();
  for (const { list, confidence } of boxes)
    if (confidence !== undefined) lists.set(list, [...(lists.get(list) ?? []), confidence]);
  return [...lists].flatMap(([list, values]): Fault[] =>
    values.length >= params.min_items && new Set(values).size < params.min_distinct
      ? [{ path: list, message: `${list}: ${values.length} boxes have the same confidence` }]
      : [],
  );
}
