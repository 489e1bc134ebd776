import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import type { Fault, ParsedAnswer } from '../types.ts';
import { ngramsOf, wordsOf } from '../words.ts';
import { eachText } from './each-text.ts';
import { sentencesIn, wordsIn } from './said.ts';

/** Texts that say again what was asked: by the share of their word runs that stand in the prompt, or one long run. */
export function promptEcho(answer: ParsedAnswer, params: RuleParams['content']['prompt_echo']): Fault[] {
  const { ngram, min_words, max_overlap, max_run_words } = params;
  const asked = askedIn(`${answer.system ?? ''}\n${answer.prompt}`, ngram);
  const isEcho = (words: readonly string[]) => {
    if (longestRun(words.map((word) => asked.words.has(word))) < Math.min(ngram, shortestEcho)) return false;
    // a short text must stand in the prompt as it is
    if (words.length < min_words) return words.length >= shortestEcho && asked.text.includes(` ${words.join(' ')} `);
    const isAsked = ngramsOf(words, ngram).map((run) => asked.runs.has(run));
    const share = isAsked.filter(Boolean).length / isAsked.length;
    const longest = longestRun(isAsked);
    return share >= max_overlap || (longest > 0 && longest + ngram - 1 >= max_run_words);
  };
  return eachText(answer, ['prose', 'label', 'transcript'], (at) =>
    isEcho(wordsIn(at)) || (at.kind === 'prose' && sentencesIn(at).some(isEcho))
      ? `${at.path}: answer the question instead of repeating it`
      : undefined,
  );
}

/** Fewer words are found in a long prompt by chance. */
const shortestEcho = 4;

interface Asked {
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
}

/** A prompt is sent for many answers: that of an analysis is the same for all images of one size. */
const known = new Map<string, Asked>();
const maxKnown = 200;

function askedIn(prompt: string, ngram: number): Asked {
  const key = `${ngram} ${prompt}`;
  const cached = known.get(key);
  if (cached) return cached;
  const words = wordsOf(prompt);
  const asked = { text: ` ${words.join(' ')} `, words: new Set(words), runs: new Set(ngramsOf(words, ngram)) };
  if (known.size >= maxKnown) known.clear();
  known.set(key, asked);
  return asked;
}

function longestRun(flags: readonly boolean[]): number {
  let longest = 0;
  let run = 0;
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
