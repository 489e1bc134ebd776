import type { IntakeRun } from '../../operations/find-intake.ts';
import type { IntakeView } from '../../operations/show-intake.ts';
import { clean } from './clean.ts';
import { timeOf } from './time.ts';

export function renderIntake({ paused, note, nextRun, polling, runs }: IntakeView): string {
  return [
    `intake    ${paused ? 'paused: no jobs are taken' : polling ? 'polling' : 'on, but no run is polling'}`,
    ...(note === undefined ? [] : [`note      ${clean(note)}`]),
    ...(nextRun === undefined ? [] : [`next run  ${timeOf(nextRun)} (UTC), unless one is polling`]),
    ...runs.flatMap(runLines),
  ].join('\n');
}

function runLines({ workflowId, started, attempt, nextAttempt, lastFailure }: IntakeRun): string[] {
  const next = nextAttempt === undefined ? '' : `, next at ${timeOf(nextAttempt)}`;
  return [
    `run       ${workflowId}, since ${timeOf(started)} (UTC)`,
    ...(attempt === undefined ? [] : [`poll      ${attempt}${next}`]),
    ...(lastFailure ? [`last poll ${clean(lastFailure.code)}: ${clean(lastFailure.message)}`] : []),
  ];
}
