import { type Timestamp, toIso } from '../timestamp.ts';

/** What one workflow waits for, as Temporal describes it. */
export interface PendingWork {
  readonly workflowId: string;
  /** Present while an orchestrator has to do something. */
  readonly workflowTask?: PendingWorkflowTask;
  readonly activities: readonly PendingActivity[];
  /** Workflow ids of children that run. */
  readonly children: readonly string[];
}

export interface PendingWorkflowTask {
  /** More than 1: an orchestrator has tried, and failed. */
  readonly attempt: number;
  /** ISO 8601 in UTC; since the first attempt. */
  readonly since: string;
}

export interface PendingActivity {
  readonly activityId: string;
  readonly type: string;
  readonly attempt: number;
  readonly state: 'scheduled' | 'started' | 'paused';
  /** When the next attempt begins, ISO 8601 in UTC; absent while one is under way or waits for a worker. */
  readonly nextAttempt?: string;
  /** Of the attempt before. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** The parts that matter of temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse. */
export interface RawDescription {
  readonly pendingWorkflowTask?: {
    readonly attempt?: number | null;
    readonly scheduledTime?: Timestamp | null;
    readonly originalScheduledTime?: Timestamp | null;
  } | null;
  readonly pendingActivities?:
    | readonly {
        readonly activityId?: string | null;
        readonly activityType?: { readonly name?: string | null } | null;
        readonly attempt?: number | null;
        readonly state?: number | string | null;
        readonly nextAttemptScheduleTime?: Timestamp | null;
        readonly lastFailure?: {
          readonly message?: string | null;
          readonly applicationFailureInfo?: { readonly type?: string | null } | null;
          readonly timeoutFailureInfo?: object | null;
        } | null;
      }[]
    | null;
  readonly pendingChildren?: readonly { readonly workflowId?: string | null }[] | null;
}

/** temporal.api.enums.v1.PendingActivityState */
const states: Readonly<Record<number, PendingActivity['state']>> = {
  1: 'scheduled',
  2: 'started',
  3: 'started',
  4: 'paused',
  5: 'paused',
};

export function pendingWorkOf(workflowId: string, raw: RawDescription, nowMs: number): PendingWork {
  const task = raw.pendingWorkflowTask;
  return {
    workflowId,
    ...(task && {
      workflowTask: {
        attempt: task.attempt ?? 1,
        since: toIso(task.originalScheduledTime ?? task.scheduledTime ?? {}),
      },
    }),
    activities: (raw.pendingActivities ?? []).map((activity) => activityOf(activity, nowMs)),
    children: (raw.pendingChildren ?? []).flatMap(({ workflowId: child }) => child ?? []),
  };
}

/** The first whose workflow task an orchestrator has tried in vain. */
export function failingIn(work: readonly PendingWork[]): Required<PendingWork> | undefined {
  const isFailing = (one: PendingWork): one is Required<PendingWork> => (one.workflowTask?.attempt ?? 1) > 1;
  return work.find(isFailing);
}

type RawActivity = NonNullable<RawDescription['pendingActivities']>[number];

function activityOf(raw: RawActivity, nowMs: number): PendingActivity {
  const { activityId, activityType, attempt, lastFailure, nextAttemptScheduleTime: next } = raw;
  const state = states[Number(raw.state)] ?? 'scheduled';
  // once its time has come, the field stays: then the attempt waits for a worker
  const isAhead = next && state === 'scheduled' && Date.parse(toIso(next)) > nowMs;
  return {
    activityId: activityId ?? '',
    type: activityType?.name ?? '',
    attempt: attempt ?? 1,
    state,
    ...(isAhead && { nextAttempt: toIso(next) }),
    ...(lastFailure && {
      failure: {
        code: lastFailure.applicationFailureInfo?.type ?? (lastFailure.timeoutFailureInfo ? 'Timeout' : 'Temporal'),
        message: lastFailure.message ?? '',
      },
    }),
  };
}
