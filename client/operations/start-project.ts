import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { WorkflowIdReusePolicy } from '@temporalio/client';
import { currentCorrelationId } from '../../config/correlation.ts';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import type { Job } from '../../workflows/goflow/contracts/job.ts';
import { type ProjectInput, workflowTaskTimeout } from '../../workflows/goflow/contracts/project.ts';
import { queues } from '../../workflows/goflow/contracts/queues.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { staticDetailsOf } from '../../workflows/goflow/contracts/static-details.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { RefusedError } from './errors.ts';
import { ensureSearchAttributes } from './prepare-namespace.ts';

export interface ProjectStart {
  readonly job: Job;
  /** 0, or the number of the forced re-run. */
  readonly rerun: number;
  readonly reuse: WorkflowIdReusePolicy;
}

export interface StartedProject {
  readonly projectId: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly rerun: number;
  readonly images: number;
  readonly analyses: number;
}

/** In a namespace that no worker has prepared yet, search attributes take a while until they are usable. */
const registeredWithinMs = 20_000;

/**
 * Starts a project without GoFlow's queue. In lists it looks like one that intake has started.
 *
 * @throws {RefusedError} it runs, or the reuse policy says no
 */
export async function startProject(temporal: Temporal, { job, rerun, reuse }: ProjectStart): Promise<StartedProject> {
  const { client, namespace } = temporal;
  const projectId = job.project.id;
  const workflowId = projectWorkflowId(projectId);
  const mayUseAttributes = await askTemporal(temporal, () => ensureSearchAttributes(client, namespace), {
    withinMs: registeredWithinMs,
  });
  const input: ProjectInput = { job, rerun, searchAttributes: mayUseAttributes };
  const handle = await askTemporal(temporal, () =>
    client.workflow.start('goflowProject', {
      workflowId,
      taskQueue: queues.workflows,
      workflowIdReusePolicy: reuse,
      workflowTaskTimeout,
      args: [input],
      staticSummary: `${job.client.name} · ${job.project.name}`.slice(0, 200),
      staticDetails: staticDetailsOf(job, { correlationId: currentCorrelationId() }),
      ...(mayUseAttributes && { typedSearchAttributes: attributesOf(job) }),
    }),
  ).catch((error: unknown) => {
    throw error instanceof WorkflowExecutionAlreadyStartedError ? alreadyStarted(projectId) : error;
  });
  const { firstExecutionRunId: runId } = handle;
  return { projectId, workflowId, runId, rerun, images: job.media.length, analyses: job.analyses.length };
}

/** The same columns as intake gives. */
const attributesOf = ({ project, client }: Job) => [
  { key: searchAttributes.projectId, value: project.id },
  { key: searchAttributes.client, value: client.slug },
  { key: searchAttributes.phase, value: 'planning' },
  { key: searchAttributes.failed, value: 0 },
];

const alreadyStarted = (projectId: string) =>
  new RefusedError(
    `project ${projectId} runs, or has completed: nothing new is started`,
    `See which: gf25 projects show ${projectId}. A completed one runs again with: gf25 projects rerun ${projectId} --force`,
  );
