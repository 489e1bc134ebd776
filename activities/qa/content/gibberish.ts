import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer, TextAt } from '../types.ts';
import { detectIn } from './detect.ts';
import { eachText } from './each-text.ts';
import { isPlainlyEnglish } from './english.ts';
import { saidIn, wordsIn } from './said.ts';

type Params = RuleParams['content']['gibberish'];

/** Letters that make no words: they stand alone, have hardly a vowel among them, or all languages are unlikely. */
export const gibberish = (answer: ParsedAnswer, params: Params): Fault[] =>
  eachText(answer, ['prose', 'transcript'], (at) => {
    const isNoText = at.kind === 'prose' ? isNoProse(at, params) : wordsIn(at).some(isRunOfConsonants);
    return isNoText ? `${at.path}: these are no words` : undefined;
  });

function isNoProse(at: TextAt, { min_characters, min_score, min_vowel_share = 0 }: Params): boolean {
  const said = saidIn(at);
  const words = wordsIn(at);
  if (words.length >= 8 && words.filter((word) => word.length === 1).length > words.length * 0.6) return true;
  const letters = words.join('').replaceAll(noLetters, '');
  if (letters.length >= minLetters && letters.replaceAll(noVowels, '').length < letters.length * min_vowel_share)
    return true;
  if (said.length < min_characters || isPlainlyEnglish(at)) return false;
  return Math.max(0, ...Object.values(detectIn(at).scores)) < min_score;
}

const noLetters = /[^\p{Script=Latin}]+/gu;
const noVowels = /[^aeiouyà-æè-ïò-öø-üýÿāăąēĕėęěĩīĭįıōŏőœũūŭůűų]+/g;
/** Fewer may be an abbreviation. */
const minLetters = 25;

/** In no language, and in no code either: those have digits. */
const isRunOfConsonants = (word: string) => /[b-df-hj-np-tv-xz]{16}/.test(word);
