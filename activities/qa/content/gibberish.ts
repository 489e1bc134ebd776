import { eld } from 'eld/extrasmall';
import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { withoutQuotes, wordsOf } from '../words.ts';
import { eachText } from './each-text.ts';

/** Texts of letters that make no words: scores of all languages stay low, or the letters stand alone. */
export function gibberish(answer: ParsedAnswer, params: RuleParams['content']['gibberish']): Fault[] {
  return eachText(answer, ['prose'], ({ path, text }) => {
    const said = withoutQuotes(text);
    const words = wordsOf(said);
    const isSpaced = words.length >= 8 && words.filter((word) => word.length === 1).length > words.length * 0.6;
    return isSpaced || isNoLanguage(said, params) ? `${path}: these are no words` : undefined;
  });
}

function isNoLanguage(text: string, { min_characters, min_score }: RuleParams['content']['gibberish']): boolean {
  if (text.length < min_characters) return false;
  return Math.max(0, ...Object.values(eld.detect(text).getScores())) < min_score;
}
