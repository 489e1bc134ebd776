import { ScheduleNotFoundError } from '@temporalio/client';
import { scheduleId } from '../../workflows/goflow/contracts/ids.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { NotFoundError } from './errors.ts';
import { toIso } from './timestamp.ts';

/** One run of intake that is open: it polls GoFlow, or looks whether it may. */
export interface IntakeRun {
  readonly workflowId: string;
  /** ISO 8601 in UTC. */
  readonly started: string;
  /** Attempts are polls; absent for a moment between two jobs. */
  readonly attempt?: number;
  readonly nextAttempt?: string;
  /** Why the last poll brought no job: mostly `NoJob`. */
  readonly lastFailure?: { readonly code: string; readonly message: string };
}

/**
 * The schedule that keeps intake polling.
 *
 * @throws {NotFoundError} no worker has ever made it
 */
export async function describeSchedule(temporal: Temporal) {
  const schedule = temporal.client.schedule.getHandle(scheduleId);
  const description = await askTemporal(temporal, () => schedule.describe()).catch((error: unknown) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new NotFoundError(`there is no schedule ${scheduleId}`, 'The first io worker makes it: npm run worker -- io');
  });
  return { schedule, description };
}

/** Runs of intake that are open. The schedule itself loses sight of some: visibility does not. */
export function findRuns(temporal: Temporal): Promise<IntakeRun[]> {
  const query = `WorkflowType = 'goflowIntake' AND ExecutionStatus = 'Running'`;
  return askTemporal(temporal, async () => {
    const runs: IntakeRun[] = [];
    for await (const { workflowId, startTime } of temporal.client.workflow.list({ query })) {
      const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
      runs.push({ workflowId, started: startTime.toISOString(), ...pollOf(raw.pendingActivities?.[0]) });
    }
    return runs;
  });
}

type Description = Awaited<ReturnType<ReturnType<Temporal['client']['workflow']['getHandle']>['describe']>>;
type PendingActivity = NonNullable<Description['raw']['pendingActivities']>[number];

function pollOf(activity: PendingActivity | undefined): Omit<IntakeRun, 'workflowId' | 'started'> {
  if (!activity) return {};
  const { attempt, lastFailure, nextAttemptScheduleTime: next } = activity;
  const code = lastFailure?.applicationFailureInfo?.type;
  return {
    ...(attempt != null && { attempt }),
    ...(next && { nextAttempt: toIso(next) }),
    ...(lastFailure && { lastFailure: { code: code ?? 'Temporal', message: lastFailure.message ?? '' } }),
  };
}
