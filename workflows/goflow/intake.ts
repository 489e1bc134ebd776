import {
  ChildWorkflowCancellationType,
  log,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  sleep,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { AcquiredJob, IoActivities, SettledJob } from './contracts/activities.ts';
import { isMalformed } from './contracts/is-malformed.ts';
import { type IntakeInput, workflowTaskTimeout } from './contracts/project.ts';
import { queues } from './contracts/queues.ts';
import { searchAttributes } from './contracts/search-attributes.ts';
import { staticDetailsOf } from './contracts/static-details.ts';
import type { goflowProject } from './project.ts';
import { policies } from './steps/policies.ts';

type JobInHand = Extract<AcquiredJob, { kind: 'job' }>;

const { acquireJob } = proxyActivities<IoActivities>({ ...policies.acquireJob, taskQueue: queues.io });

/** Polls GoFlow for one window and starts a project per job. The schedule starts the next run. */
export async function goflowIntake({ windowMs }: IntakeInput): Promise<{ started: number }> {
  const untilMs = Date.now() + windowMs;
  const startedIds: string[] = [];
  const settled: SettledJob[] = [];
  for (;;) {
    const acquired = await acquireJob({ untilMs, startedIds, settled });
    settled.length = 0;
    if (acquired.kind === 'window-over') return { started: startedIds.length };
    const { acquisitionId, workflowId } = acquired;
    const isStarted = await startProject(acquired);
    if (isStarted) startedIds.push(workflowId);
    settled.push({ acquisitionId, workflowId, outcome: isStarted ? 'started' : 'refused' });
    setCurrentDetails(`${startedIds.length} project(s) started; polls until ${new Date(untilMs).toISOString()}`);
    await sleep(acquired.pollIntervalMs, { summary: 'until the next poll' });
  }
}

/** False: the project runs, or has completed (decision D6). */
async function startProject(acquired: JobInHand): Promise<boolean> {
  const { job, acquisitionId, workflowId } = acquired;
  try {
    await startChild<typeof goflowProject>('goflowProject', {
      workflowId,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      // a project outlives the intake run that started it, however that run ends
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowTaskTimeout,
      args: [{ job, acquisitionId, rerun: 0, searchAttributes: acquired.searchAttributes }],
      memo: { acquisitionId },
      ...describe(acquired),
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    log.warn('a job was handed out again and nothing new is started', { workflowId, acquisitionId });
    return false;
  }
}

function describe({ job, acquisitionId, searchAttributes: mayUseThem }: JobInHand) {
  if (isMalformed(job)) return { staticSummary: 'malformed job' };
  return {
    staticSummary: `${job.client.name} · ${job.project.name}`.slice(0, 200),
    staticDetails: staticDetailsOf(job, { acquisitionId }),
    ...(mayUseThem && {
      typedSearchAttributes: [
        { key: searchAttributes.projectId, value: job.project.id },
        { key: searchAttributes.client, value: job.client.slug },
        { key: searchAttributes.phase, value: 'planning' },
        { key: searchAttributes.failed, value: 0 },
      ],
    }),
  };
}
