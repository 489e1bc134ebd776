import { ScheduleOverlapPolicy } from '@temporalio/client';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { RefusedError } from './errors.ts';
import { describeSchedule, findRuns } from './find-intake.ts';

/**
 * Polls now, unless a run polls already.
 *
 * @throws {NotFoundError}
 * @throws {RefusedError} intake is paused
 */
export async function pollIntake(temporal: Temporal): Promise<{ readonly message: string }> {
  const { schedule, description } = await describeSchedule(temporal);
  if (description.state.paused)
    throw new RefusedError('intake is paused', 'Resume it, which polls: gf25 intake resume');
  const [run] = await findRuns(temporal);
  await askTemporal(temporal, () => schedule.trigger(ScheduleOverlapPolicy.SKIP));
  if (!run) return { message: 'a run is started: it polls now' };
  const next = run.nextAttempt === undefined ? 'now' : `again at ${run.nextAttempt}`;
  return { message: `${run.workflowId} is polling already: it asks GoFlow ${next}` };
}
