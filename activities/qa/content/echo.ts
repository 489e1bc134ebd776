import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { ngramsOf, wordsOf } from '../words.ts';
import { eachText } from './each-text.ts';

/** Texts that say again what was asked: by the share of their word runs that stand in the prompt, or one long run. */
export function promptEcho(answer: ParsedAnswer, params: RuleParams['content']['prompt_echo']): Fault[] {
  const { ngram, min_words, max_overlap, max_run_words } = params;
  const prompt = wordsOf(`${answer.system ?? ''}\n${answer.prompt}`);
  const asked = new Set(ngramsOf(prompt, ngram));
  const all = ` ${prompt.join(' ')} `;
  const isEcho = (text: string) => {
    const words = wordsOf(text);
    // a short text must stand in the prompt as it is
    if (words.length < min_words) return words.length >= shortestEcho && all.includes(` ${words.join(' ')} `);
    const isAsked = ngramsOf(words, ngram).map((run) => asked.has(run));
    const share = isAsked.filter(Boolean).length / isAsked.length;
    return share >= max_overlap || longestRun(isAsked) + ngram - 1 >= max_run_words;
  };
  return eachText(answer, ['prose', 'label', 'transcript'], ({ path, text, kind }) =>
    [text, ...(kind === 'prose' ? text.split(/(?<=[.!?])\s+|\n+/u) : [])].some(isEcho)
      ? `${path}: answer the question instead of repeating it`
      : undefined,
  );
}

/** Fewer words are found in a long prompt by chance. */
const shortestEcho = 4;

function longestRun(flags: readonly boolean[]): number {
  let longest = -Infinity;
  let run = 0;
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    if (run > 0) longest = Math.max(longest, run);
  }
  return longest;
}
