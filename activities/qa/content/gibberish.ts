import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { withoutQuotes, wordsOf } from '../words.ts';
import { detectIn } from './detect.ts';
import { eachText } from './each-text.ts';

/** Texts of letters that make no words: scores of all languages stay low, or the letters stand alone. */
export function gibberish(answer: ParsedAnswer, params: RuleParams['content']['gibberish']): Fault[] {
  const { min_characters, min_score } = params;
  return eachText(answer, ['prose'], (at) => {
    const said = withoutQuotes(at.text);
    const words = wordsOf(said);
    const isSpaced = words.length >= 8 && words.filter((word) => word.length === 1).length > words.length * 0.6;
    const isNoLanguage = () => Math.max(0, ...Object.values(detectIn(at).scores)) < min_score;
    return isSpaced || (said.length >= min_characters && isNoLanguage()) ? `${at.path}: these are no words` : undefined;
  });
}
