import type { Plan } from '../contracts/plan.ts';
import type { CarriedCombinations } from '../contracts/project.ts';
import type { Combination } from './combination.ts';
import { pick, rowOf, type Rows } from './rows.ts';

/** What is carried over continue-as-new must fit into one payload (2 MiB): beyond this, answers are made again. */
const maxStoredBytes = 1_000_000;

type CarriedRows = Omit<CarriedCombinations, 'labels' | 'qaFailures' | 'told'>;

/** What became of each combination, as small as it gets. Called while nothing runs. */
export function carryRows(rows: Rows): CarriedRows {
  const positions = (wanted: (combination: Combination) => boolean) => {
    let position = -1;
    return pick(rows, (_, combination) => {
      position += 1;
      return wanted(combination) ? position : undefined;
    });
  };
  let storedBytes = 0;
  const lighter = <T extends { stored?: unknown }>(item: T): T => {
    storedBytes += item.stored === undefined ? 0 : JSON.stringify(item.stored).length;
    return storedBytes > maxStoredBytes ? { ...item, stored: undefined } : item;
  };
  return {
    done: positions((combination) => combination.state === 'done'),
    notApplicable: positions((combination) => combination.state === 'done' && combination.notApplicable),
    repaired: positions((combination) => combination.state === 'done' && combination.repaired),
    degraded: positions((combination) => combination.state === 'done' && combination.degraded === true),
    failed: pick(rows, (mediaId, combination) =>
      combination.state === 'failed' ? { mediaId, outcome: lighter(combination.outcome) } : undefined,
    ),
    open: pick(rows, (mediaId, combination) =>
      combination.state === 'open' ? { mediaId, task: lighter(combination.task) } : undefined,
    ),
  };
}

/** Puts what was carried into the rows of a fresh history. */
export function restoreRows(rows: Rows, plan: Plan, carried: CarriedRows): void {
  const notApplicable = new Set(carried.notApplicable);
  const repaired = new Set(carried.repaired);
  const degraded = new Set(carried.degraded);
  for (const position of carried.done) {
    const media = plan.media[Math.floor(position / plan.analyses.length)];
    const analysis = plan.analyses[position % plan.analyses.length];
    if (media === undefined || analysis === undefined) continue;
    rowOf(rows, media.id).set(analysis.id, {
      state: 'done',
      notApplicable: notApplicable.has(position),
      repaired: repaired.has(position),
      ...(degraded.has(position) && { degraded: true }),
    });
  }
  for (const { mediaId, outcome } of carried.failed)
    rowOf(rows, mediaId).set(outcome.analysisId, { state: 'failed', outcome });
  for (const { mediaId, task } of carried.open) rowOf(rows, mediaId).set(task.analysisId, { state: 'open', task });
}
