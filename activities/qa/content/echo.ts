import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { ngramsOf, wordsOf } from '../words.ts';
import { eachText } from './each-text.ts';

/** Texts that say again what was asked: by the share of their word runs that stand in the prompt, or one long run. */
export function promptEcho(answer: ParsedAnswer, params: RuleParams['content']['prompt_echo']): Fault[] {
  const { ngram, min_words, max_overlap, max_run_words } = params;
  const asked = new Set(ngramsOf(wordsOf(answer.prompt), ngram));
  return eachText(answer, ['prose', 'label', 'transcript'], ({ path, text }) => {
    const words = wordsOf(text);
    if (words.length < min_words) return undefined;
    const isAsked = ngramsOf(words, ngram).map((run) => asked.has(run));
    const share = isAsked.filter(Boolean).length / isAsked.length;
    const isEcho = share >= max_overlap || longestRun(isAsked) + ngram - 1 >= max_run_words;
    return isEcho ? `${path}: answer the question instead of repeating it` : undefined;
  });
}

function longestRun(flags: readonly boolean[]): number {
  let longest = -Infinity;
  let run = 0;
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    if (run > 0) longest = Math.max(longest, run);
  }
  return longest;
}
