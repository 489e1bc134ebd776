import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { plainly, wordsOf } from '../words.ts';
import { denies, stemOf } from './denials.ts';
import { isNoNameOfThing, isOfSeveral, isOfTemplate, isQuoted, isSaying } from './no-names.ts';

type Params = RuleParams['domain'];

/** Labels are the texts beside boxes: one or a few words, no sentences, no bare numbers, no coordinates. */
export function labelSanity(answer: ParsedAnswer, params: Params['label_sanity']): Fault[] {
  const { texts, boxes } = answer;
  const confidences = new Map(boxes.map(({ path, confidence }) => [parentOf(path), confidence]));
  const named = namesOf(answer);
  // beside a bottle a label is a thing; where nothing else is named, nothing is
  const isTemplate = named.length > 0 && named.every((at) => isOfTemplate(at, answer.definition));
  return texts.flatMap((at): Fault[] => {
    const { path, text, kind } = at;
    if (kind !== 'label') return [];
    const isNoName = () => isNoNameOfThing(at, answer.definition) || isSaying(text) || denies(text, stemOf(path));
    if (named.includes(at) && (isTemplate || isNoName()))
      return [{ path, message: `${path}: "${text.slice(0, 40)}" names no thing: say what it is, or leave it out` }];
    if (!confidences.has(parentOf(path))) return [];
    const words = wordsOf(text);
    if (isOfNumbers(text) || endsInScore(text, confidences.get(parentOf(path))))
      return [{ path, message: `${path}: give the name of the thing, not numbers` }];
    if (isNoWord(text, words, params)) return [{ path, message: `${path}: "${text.slice(0, 40)}" is no word` }];
    if (isOfSeveral(text)) return [{ path, message: `${path}: give one name; each thing has an entry of its own` }];
    if (isQuoted(text)) return [{ path, message: `${path}: give the name without quotation marks` }];
    const isSentence = words.length > params.max_words || (words.length > 3 && /[.!?]\s*$/.test(text));
    return isSentence ? [{ path, message: `${path}: give a name of a few words, not a sentence` }] : [];
  });
}

/** Names of what a list holds. */
const namesOf = ({ texts }: ParsedAnswer) =>
  texts.filter(({ path, kind }) => kind === 'label' && /\.\d+(\.|$)/.test(path));

const isOfNumbers = (text: string) => /^[\d\s.,:;%#+-]+$/.test(text) || /\d+(?:\.\d+)?\s*,\s*\d+/.test(text);

/** `cat: 0.93`, `cat 0.93` or `cat (93%)`, or `cat: 93` where that is the confidence; "speed limit: 50" names a sign. */
function endsInScore(text: string, confidence: number | undefined): boolean {
  if (/\p{L}\s+0?\.\d+$|\p{L}\s*[([]\s*\d{1,3}(\.\d+)?\s*%\s*[)\]]$/u.test(text.trim())) return true;
  const written = /[:=(]\s*(\d*\.?\d+)\s*%?\s*\)?$/.exec(text)?.[1];
  if (written === undefined) return false;
  const isPart = written.includes('.') && Number(written) <= 1;
  return isPart || (confidence !== undefined && Math.round(confidence * 100) === Number(written));
}

/** One letter again and again, or digits within the letters, in one of the words; not one word with a vowel. */
function isNoWord(text: string, words: readonly string[], { abbreviations = [] }: Params['label_sanity']): boolean {
  const lower = words.filter((word) => text.includes(word));
  const isKnown = (word: string) => abbreviations.includes(word) || abbreviations.includes(word.replace(/s$/, ''));
  const isVowelless = (word: string) => /^[a-z]{4,}$/.test(word) && !/[aeiouy]/.test(word) && !isKnown(word);
  return (
    lower.some(isGarbled) ||
    (lower.some(isVowelless) && lower.every((word) => !/[\p{L}]/u.test(word) || isVowelless(word)))
  );
}

/** `aaaa`, `c1rc1e`. */
const isGarbled = (word: string) => /(\p{L})\1{3}/u.test(word) || /\p{L}\d\p{L}+\d/u.test(word);

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
