import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
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
const loopInText = /(\p{L}{1,12}?)\1{8,}|(\S)\2{16,}/u;
/** Lines to write on and dots up to a price may be long. */
const loopInTranscript = /(\p{L}{1,12}?)\1{24,}|([^\s._\-=*·…–—])\2{24,}/u;
const isIn = (loop: RegExp, text: string) => loop.test(text.slice(0, 4_000));
