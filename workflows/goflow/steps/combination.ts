import { combinationKey } from '../contracts/ids.ts';
import type { Task } from '../contracts/media.ts';
import type { EarlierRun, Plan } from '../contracts/plan.ts';
import type { DoneOutcome, FailedOutcome } from '../contracts/project.ts';

/** One media x one analysis, and what became of it. */
export type Combination =
  | { readonly state: 'open'; readonly task: Task }
  | { readonly state: 'running'; readonly task: Task }
  | { readonly state: 'done'; readonly notApplicable: boolean; readonly repaired: boolean; readonly degraded?: boolean }
  | { readonly state: 'failed'; readonly outcome: FailedOutcome };

type EarlierCombination = EarlierRun['combinations'][string];

/** Where a combination of a new run begins: from nothing, or from what the run before is known to have sent. */
export function startOf(plan: Plan, mediaId: string, analysisId: string): Combination {
  const analysis = plan.analyses.find(({ id }) => id === analysisId);
  const earlier = plan.earlier?.combinations[combinationKey(mediaId, analysisId)];
  if (earlier?.state === 'accepted') return { state: 'done', notApplicable: false, repaired: false };
  if (analysis?.definition === undefined)
    return { state: 'failed', outcome: unknownAnalysis(analysisId, analysis?.slug) };
  const fresh = { analysisId, slug: analysis.slug, round: 1, mayHaveArrived: false, resent: false };
  return { state: 'open', task: earlier ? afterEarlier(fresh, earlier) : fresh };
}

/** One key never carries two bodies: without the bytes that may have arrived, the next answer gets the next key. */
function afterEarlier(fresh: Task, earlier: EarlierCombination): Task {
  const mayHaveArrived = earlier.state === 'may-have-arrived';
  if (mayHaveArrived && earlier.stored)
    return { ...fresh, round: earlier.round, mayHaveArrived, stored: earlier.stored };
  return { ...fresh, round: earlier.round + 1, mayHaveArrived };
}

export const doneOf = (outcome: DoneOutcome): Combination => ({
  state: 'done',
  notApplicable: outcome.notApplicable,
  repaired: Object.values(outcome.verdicts ?? {}).includes('repaired'),
  ...(Object.values(outcome.verdicts ?? {}).includes('degraded') && { degraded: true }),
});

/**
 * What a retry does (P3): an answer that GoFlow definitely refused goes out once more with the same bytes and key, since
 * the operator has mended the other side; after that, and after a 422, the analysis is made anew under the next key.
 */
export function retryTask(failed: FailedOutcome, slug: string): Task {
  const { analysisId, round, mayHaveArrived, stored, sent } = failed;
  const resend = stored !== undefined && !failed.resent && failed.code !== 'GoFlowUnprocessable';
  if (resend) return { analysisId, slug, round, mayHaveArrived, stored, resent: true };
  return { analysisId, slug, round: sent ? round + 1 : round, mayHaveArrived, resent: false };
}

/** What the next run of the project must know of it; nothing when nothing was ever sent. */
export function ledgerEntry(combination: Combination): EarlierCombination | undefined {
  switch (combination.state) {
    case 'done':
      return { state: 'accepted', round: 1 };
    case 'failed': {
      const { sent, mayHaveArrived, round, stored } = combination.outcome;
      if (mayHaveArrived) return { state: 'may-have-arrived', round, ...(stored && { stored }) };
      return sent ? { state: 'refused', round } : undefined;
    }
    case 'open':
    case 'running': {
      const { round, mayHaveArrived, stored } = combination.task;
      if (mayHaveArrived)
        return { state: 'may-have-arrived', round: stored ? round : round - 1, ...(stored && { stored }) };
      return round > 1 || stored ? { state: 'refused', round: stored ? round : round - 1 } : undefined;
    }
  }
}

export function lostOutcome(task: Omit<Task, 'slug' | 'resent'>, message: string): FailedOutcome {
  return {
    state: 'failed',
    analysisId: task.analysisId,
    code: 'MediaWorkflowFailed',
    message,
    round: task.round,
    sent: task.mayHaveArrived,
    mayHaveArrived: task.mayHaveArrived,
    stored: task.stored,
    resent: false,
  };
}

const unknownAnalysis = (analysisId: string, slug = '(unknown)'): FailedOutcome => ({
  state: 'failed',
  analysisId,
  code: 'AnalysisUnknown',
  message: `no definition for the analysis "${slug}"`,
  round: 1,
  sent: false,
  mayHaveArrived: false,
  resent: false,
});
