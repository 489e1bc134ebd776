import type { Attempt, Issue, Verdicts } from '../../workflows/goflow/contracts/qa.ts';
import { type QaStage, qaStages } from '../../workflows/goflow/contracts/qa-stages.ts';
import type { Checked } from './check-answer.ts';
import { asksAgain } from './run-rules.ts';
import type { Result } from './types.ts';

/** Histories hold every attempt of every combination. */
const maxIssues = 8;
const maxPath = 80;
const maxMessage = 160;

export function attemptOf({ issues }: Pick<Checked, 'issues'>): Attempt {
  const kept = issues.slice(0, maxIssues).map(({ path, message, ...issue }) => {
    return { ...issue, path: path.slice(0, maxPath), message: message.slice(0, maxMessage) };
  });
  return { issues: kept, ...(issues.length > maxIssues && { omitted: issues.length - maxIssues }) };
}

/** Whether an attempt has fewer faults to ask about than the one before, or got a stage further. */
export function hasShrunk(attempt: Bad, before: Bad): boolean {
  const [stage, earlier] = [attempt, before].map((bad) => qaStages.indexOf(bad.stage));
  if (stage !== earlier) return (stage ?? 0) > (earlier ?? 0);
  return countOf(attempt) < countOf(before);
}

/** The best attempt that can be lived with; undefined when none can. */
export function bestTolerable<T extends { readonly checked: Bad }>(
  attempts: readonly T[],
): (T & { readonly result: Result }) | undefined {
  let best: (T & { readonly result: Result }) | undefined;
  for (const attempt of attempts) {
    const { tolerable } = attempt.checked;
    if (tolerable && (best === undefined || hasShrunk(attempt.checked, best.checked)))
      best = { ...attempt, result: tolerable };
  }
  return best;
}

/**
 * What each stage says in the end. `issues` are those of the answer that was taken, or of the last one; a stage that had
 * asked again before is repaired.
 */
export function verdictsOf(issues: readonly Issue[], failedAt: ReadonlySet<QaStage>, failed?: QaStage): Verdicts {
  const of = (stage: QaStage) => {
    if (stage === failed) return 'failed';
    const own = issues.filter((issue) => issue.stage === stage);
    if (own.some(({ action }) => action === 'flag' || asksAgain(action))) return 'degraded';
    return own.length > 0 || failedAt.has(stage) ? 'repaired' : 'passed';
  };
  return { structural: of('structural'), content: of('content'), domain: of('domain') };
}

export type Bad = Extract<Checked, { isGood: false }>;
const countOf = ({ issues }: Bad) => issues.filter(({ action }) => asksAgain(action)).length;
