import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Json } from '../../vision/fields.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { ngramsOf, plainly, wordsOf } from '../words.ts';
import { eachText } from './each-text.ts';

/** A sentence of so many words is not said twice by chance. */
const longSentenceWords = 8;
const longestLoopWords = 12;

/** Texts that go round in circles. What was read from an image may repeat itself, but not without end. */
export function repetition(answer: ParsedAnswer, params: RuleParams['content']['repetition']): Fault[] {
  const { ngram, max_repeats, max_transcript_repeats } = params;
  return eachText(answer, ['prose', 'label', 'transcript'], ({ path, text, kind }) => {
    const words = wordsOf(text);
    const isRepeated =
      kind === 'transcript'
        ? loopLength(words) > max_transcript_repeats || isIn(loopInTranscript, text)
        : loopLength(words) > max_repeats ||
          mostFrequent(ngramsOf(words.map(withoutNumber), ngram)) > max_repeats ||
          hasTwinSentence(text) ||
          isIn(loopInText, text);
    return isRepeated ? `${path}: it repeats itself: say each thing once` : undefined;
  });
}

/** How often one run of words follows itself without a break. */
function loopLength(words: readonly string[]): number {
  let longest = 1;
  for (let size = 1; size <= Math.min(longestLoopWords, words.length / 2); size += 1) {
    // numbers follow each other in tables and scales: "0 0 0 0"
    let same = 0;
    for (let at = size; at < words.length; at += 1) {
      same = words[at] === words[at - size] && !/^\p{N}+$/u.test(words[at] ?? '') ? same + 1 : 0;
      longest = Math.max(longest, 1 + Math.floor(same / size));
    }
  }
  return longest;
}

function mostFrequent(items: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function hasTwinSentence(text: string): boolean {
  const sentences = text.split(/[.!?。！？]+\s*|\n+/u).map(plainly);
  return mostFrequent(sentences.filter((sentence) => sentence.split(' ').length >= longSentenceWords)) > 1;
}

/** "There is object number 1. There is object number 2." goes round in circles, too. */
const withoutNumber = (word: string) => (/^\p{N}+$/u.test(word) ? '#' : word);

/** Letters, or a few of them, again and again: for scripts without spaces, too. */
const characterLoop = (times: number) => new RegExp(`(\\p{L}{1,12}?)\\1{${times},}|(\\S)\\2{${times + 8},}`, 'u');
const loopInText = characterLoop(8);
const loopInTranscript = characterLoop(30);
const isIn = (loop: RegExp, text: string) => loop.test(text.slice(0, 4_000));

/** Items of a list that say the same in a few words; labels and what was read from the image may. */
export function repeatedItems(
  { fields, texts }: ParsedAnswer,
  params: RuleParams['content']['repeated_items'],
): Fault[] {
  const transcripts = texts.filter(({ kind }) => kind === 'transcript').map(({ path }) => path);
  const isRead = (path: string) => transcripts.some((at) => at === path || at.startsWith(`${path}.`));
  return fields.flatMap(({ path, field, value }) => {
    if (field.type !== 'list' || !Array.isArray(value) || isRead(path)) return [];
    const seen = new Set<string>();
    return value.flatMap((item, index): Fault[] => {
      const said = sayingOf(item);
      if (wordsOf(said).length < params.min_words) return [];
      const isTwin = seen.has(said);
      seen.add(said);
      return isTwin ? [{ path: `${path}.${index}`, message: `${path}.${index}: it stands in the list already` }] : [];
    });
  });
}

/** What an item says; things with a box are told apart by it. */
const sayingOf = (item: Json): string => {
  if (typeof item === 'string') return plainly(item);
  if (typeof item !== 'object' || item === null) return '';
  const values = Object.values(item);
  if (values.some((value) => typeof value === 'object')) return '';
  return values.some((value) => typeof value === 'string' && wordsOf(value).length > 2) ? JSON.stringify(item) : '';
};
