import type { Prices } from '../../config/prices.ts';
import type { Provenance } from '../../workflows/goflow/contracts/media.ts';
import type { Verdict } from '../../workflows/goflow/contracts/qa.ts';
import { type Cost, costOf } from './cost.ts';
import { type CombinationResult, overallVerdict } from './results.ts';

/** What is known of one media x one analysis, but for the answer itself. Times in milliseconds. */
export interface CombinationFacts extends Partial<MadeWith> {
  readonly analysisId: string;
  readonly slug: string;
  readonly state: CombinationResult['state'];
  readonly failure?: { readonly code: string; readonly message: string };
  /** ISO 8601 in UTC. */
  readonly acceptedAt?: string;
  readonly modelUsed?: string;
  /** The weakest of the stages' verdicts. */
  readonly verdict?: Verdict;
  /** Answers that QA saw; more than one means corrective re-prompts. */
  readonly attempts?: number;
  /** Of its tokens, where its model has a price. */
  readonly cost?: Cost;
}

const madeWith = [
  ...(['host', 'provider', 'serverVersion', 'modelDigest', 'definitionVersion'] as const),
  ...(['inferences', 'inferenceMs', 'waitedForLaneMs', 'qaMs'] as const),
  ...(['promptTokens', 'cachedTokens', 'outputTokens'] as const),
] as const;
type MadeWith = { readonly [K in (typeof madeWith)[number]]: NonNullable<Provenance[K]> };

export function factsOf(result: CombinationResult, prices?: Prices): CombinationFacts {
  const { analysis, state, failure, acceptedAtMs, answer } = result;
  const verdict = overallVerdict(answer?.verdicts);
  const cost = answer?.provenance && costOf([{ ...madeWithOf(answer.provenance), ...answer.stored }], prices);
  return {
    ...{ analysisId: analysis.id, slug: analysis.slug, state },
    ...(failure && { failure }),
    ...(acceptedAtMs !== undefined && { acceptedAt: new Date(acceptedAtMs).toISOString() }),
    ...(answer && { modelUsed: answer.stored.modelUsed }),
    ...(verdict && { verdict }),
    ...(answer?.provenance && { attempts: answer.provenance.attempts?.length ?? 1, ...madeWithOf(answer.provenance) }),
    ...(cost && { cost }),
  };
}

/** Servers do not tell everything. */
function madeWithOf(provenance: Provenance): Partial<MadeWith> {
  const told = madeWith.map((name) => [name, provenance[name]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told);
}

/** What answers have cost: the time of a lane, tokens where servers tell, and money where models have a price. */
export interface Spent {
  readonly inferences: number;
  readonly inferenceMs: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly cost?: Cost;
}

export function spentOn(facts: readonly CombinationFacts[]): Spent {
  const costs = facts.flatMap(({ cost }) => cost ?? []);
  const [first] = costs;
  const cost = first && { ...first, amount: costs.reduce((total, { amount }) => total + amount, 0) };
  const sum = (name: Exclude<keyof Spent, 'cost'>) => facts.reduce((total, one) => total + (one[name] ?? 0), 0);
  return {
    inferences: sum('inferences'),
    inferenceMs: sum('inferenceMs'),
    promptTokens: sum('promptTokens'),
    cachedTokens: sum('cachedTokens'),
    outputTokens: sum('outputTokens'),
    ...(cost && { cost }),
  };
}
