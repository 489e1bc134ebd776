import type { Client } from '@temporalio/client';
import { fromPayloadsAtIndex, type Payload } from '@temporalio/common';

/** One activity that completed. Input and result are decoded only when somebody asks. */
export interface CompletedActivity {
  readonly type: string;
  readonly activityId: string;
  readonly completedAtMs: number;
  input(): unknown;
  result(): unknown;
}

export interface WorkflowRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** What one run of a workflow did, in the order of its history. */
export interface RunHistory {
  readonly completed: readonly CompletedActivity[];
  readonly children: readonly WorkflowRun[];
  /** What the workflow returned; undefined while it runs, and when it ended otherwise. */
  readonly result: unknown;
  /** The run that this one continues as new. */
  readonly continuedFrom: string | undefined;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = { payloads?: Payload[] | null } | null | undefined;

/**
 * Reads the history of one run.
 *
 * @param runId default: the latest run
 * @throws WorkflowNotFoundError when there is no such run, or its retention is over
 */
export async function readHistory(client: Client, workflowId: string, runId?: string): Promise<RunHistory> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const converter = client.options.loadedDataConverter.payloadConverter;
  const decode = (payloads: Payloads): unknown => fromPayloadsAtIndex(converter, 0, payloads?.payloads ?? null);

  const scheduled = new Map<string, HistoryEvent>();
  const completed: CompletedActivity[] = [];
  const children: WorkflowRun[] = [];
  let result: unknown;
  let continuedFrom: string | undefined;
  for (const event of events ?? []) {
    if (event.activityTaskScheduledEventAttributes) scheduled.set(String(event.eventId), event);
    const started = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
    if (started?.workflowId && started.runId) children.push({ workflowId: started.workflowId, runId: started.runId });
    const closed = event.workflowExecutionCompletedEventAttributes;
    if (closed) result = decode(closed.result);
    continuedFrom ??= event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    const done = event.activityTaskCompletedEventAttributes;
    const schedule = done && scheduled.get(String(done.scheduledEventId))?.activityTaskScheduledEventAttributes;
    if (!schedule) continue;
    completed.push({
      type: schedule.activityType?.name ?? '',
      activityId: schedule.activityId ?? '',
      completedAtMs: Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6,
      input: () => decode(schedule.input),
      result: () => decode(done.result),
    });
  }
  return { completed, children, result, continuedFrom };
}
