import { type Client, isGrpcServiceError, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { intakeWorkflowId, scheduleId } from '../../workflows/goflow/contracts/ids.ts';
import type { IntakeInput } from '../../workflows/goflow/contracts/project.ts';
import { queues } from '../../workflows/goflow/contracts/queues.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';

/** temporal.api.enums.v1.IndexedValueType */
const indexedValueTypes: Partial<Record<SearchAttributeType, number>> = {
  [SearchAttributeType.KEYWORD]: 2,
  [SearchAttributeType.INT]: 3,
};

const usableWithinMs = 15_000;
const lookAgainMs = 100;

/**
 * Registers the search attributes that are missing and waits until they are usable.
 *
 * @returns false where that is not allowed (Temporal Cloud, a locked-down cluster): projects then run without them
 */
export async function ensureSearchAttributes(client: Client, namespace: string): Promise<boolean> {
  const { operatorService } = client.connection;
  const wanted = Object.values(searchAttributes);
  const missing = async () => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    return wanted.filter(({ name }) => !(name in customAttributes));
  };
  try {
    const absent = await missing();
    if (absent.length === 0) return true;
    const add = Object.fromEntries(absent.map(({ name, type }) => [name, indexedValueTypes[type] ?? 0]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes: add }).catch((error: unknown) => {
      // another process was quicker
      if (!isGrpcServiceError(error) || !/already exists/i.test(error.message)) throw error;
    });
    for (const untilMs = Date.now() + usableWithinMs; Date.now() < untilMs;) {
      if ((await missing()).length === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
    return false;
  } catch (error) {
    if (isNotAllowed(error)) return false;
    throw error;
  }
}

/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED, INVALID_ARGUMENT (no room for another attribute). */
const isNotAllowed = (error: unknown) => isGrpcServiceError(error) && [3, 7, 12, 16].includes(error.code);

/**
 * The schedule that keeps one intake run alive. A paused one stays paused; one with another window is brought up to date.
 */
export async function ensureIntakeSchedule(client: Client, { windowMs }: IntakeInput): Promise<void> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'goflowIntake',
    workflowId: intakeWorkflowId,
    taskQueue: queues.workflows,
    args: [{ windowMs } satisfies IntakeInput],
  };
  const schedule = client.schedule.getHandle(scheduleId);
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1m' }] },
      action,
      // a run that still polls is left alone; ticks that a stopped server missed are not made up for
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
      state: { note: 'Keeps one run of goflowIntake polling GoFlow. Pause it to pause intake.' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedule.update((previous) => ({ ...previous, action: { ...previous.action, ...action } }));
  }
  const { state } = await schedule.describe();
  const { count } = await client.workflow.count(`WorkflowType = 'goflowIntake' AND ExecutionStatus = 'Running'`);
  // a first run is not waited for; where one is open, a trigger could only overwrite what an operator says just then
  if (!state.paused && count === 0) await schedule.trigger(ScheduleOverlapPolicy.SKIP);
}
