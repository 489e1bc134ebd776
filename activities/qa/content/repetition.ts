import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { ngramsOf } from '../words.ts';
import { eachText } from './each-text.ts';
import { sentencesIn, wordsIn } from './said.ts';

/** A sentence of so many words is not said twice by chance. */
const longSentenceWords = 8;
const longestLoopWords = 12;

/** Texts that go round in circles. What was read from an image may repeat itself, but not without end. */
export function repetition(answer: ParsedAnswer, params: RuleParams['content']['repetition']): Fault[] {
  const { ngram, max_repeats, max_transcript_repeats } = params;
  return eachText(answer, ['prose', 'label', 'transcript'], (at) => {
    const words = wordsIn(at);
    const isRepeated =
      at.kind === 'transcript'
        ? loopLength(words) > max_transcript_repeats || isIn(loopInTranscript, at.text)
        : loopLength(words) > max_repeats ||
          hasFrequentRun(words.map(withoutNumber), ngram, max_repeats) ||
          hasTwinSentence(at) ||
          isIn(loopInText, at.text);
    return isRepeated ? `${at.path}: it repeats itself: say each thing once` : undefined;
  });
}

/** How often one run of words follows itself without a break. */
function loopLength(words: readonly string[]): number {
  let longest = 1;
  for (let size = 1; size <= Math.min(longestLoopWords, words.length / 2); size += 1) {
    // numbers follow each other in tables and scales: "0 0 0 0"
    let same = 0;
    for (let at = size; at < words.length; at += 1) {
      same = words[at] === words[at - size] && !isNumber(words[at] ?? '') ? same + 1 : 0;
      longest = Math.max(longest, 1 + Math.floor(same / size));
    }
  }
  return longest;
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

const hasMoreThan = (most: number, counts: ReadonlyMap<string, number>) => {
  for (const count of counts.values()) if (count > most) return true;
  return false;
};

/** Whether one run of words stands in a text more often than that: only words that do can make one. */
function hasFrequentRun(words: readonly string[], size: number, most: number): boolean {
  const counts = countsOf(words);
  let frequent = 0;
  for (const word of words) {
    frequent = (counts.get(word) ?? 0) > most ? frequent + 1 : 0;
    if (frequent >= size) return hasMoreThan(most, countsOf(ngramsOf(words, size)));
  }
  return false;
}

function hasTwinSentence(at: TextAt): boolean {
  const long = sentencesIn(at).filter((words) => words.length >= longSentenceWords);
  return long.length > 1 && hasMoreThan(1, countsOf(long.map((words) => words.join(' '))));
}

/** "There is object number 1. There is object number 2." goes round in circles, too. */
const withoutNumber = (word: string) => (isNumber(word) ? '#' : word);
const isNumber = (word: string) => /^\p{N}+$/u.test(word);

/** Letters, or a few of them, again and again: for scripts without spaces, too. */
const loopInText = /(\p{L}{1,12}?)\1{8,}|(\S)(?:\s?\2){16,}/u;
/** Lines to write on, dots up to a price and the filling of machine-readable lines may be long. */
const loopInTranscript = /(\p{L}{1,12}?)\1{24,}|([^\s._\-=*·…–—<])\2{24,}/u;
const isIn = (loop: RegExp, text: string) => loop.test(text.slice(0, 4_000));
