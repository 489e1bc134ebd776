import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { scheduleId } from '../../workflows/goflow/contracts/ids.ts';

/**
 * A server that is not ours outlives the demo.
 *
 * @returns what takes the demo's intake away again, so that nothing there waits for a GoFlow that is gone; it does
 *   nothing where intake was set up before
 */
export async function rememberIntake(client: Client): Promise<() => Promise<void>> {
  const schedule = client.schedule.getHandle(scheduleId);
  const isThere = await schedule.describe().then(
    () => true,
    (error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    },
  );
  if (isThere) return () => Promise.resolve();
  return async () => {
    const { info } = await schedule.describe();
    await schedule.delete();
    const runs = info.runningActions.map(({ workflow }) => client.workflow.getHandle(workflow.workflowId));
    // one that has just ended by itself is no fault
    await Promise.allSettled(runs.map((run) => run.terminate('the demo is over')));
  };
}
