import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AcquiredJob, AcquireJobInput } from '../../../workflows/goflow/contracts/activities.ts';
import { malformedJobWorkflowId, projectWorkflowId } from '../../../workflows/goflow/contracts/ids.ts';
import type { Job, MalformedJob } from '../../../workflows/goflow/contracts/job.ts';
import { isMalformed } from '../../../workflows/goflow/contracts/is-malformed.ts';
import type { RecordAttempt } from '../../shared/attempt.ts';
import type { Correlation } from '../../shared/correlation.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { ProjectDirectory } from '../../shared/project-directory.ts';
import { type IntakeLimits, passIntakeGate } from './intake-gate.ts';
import type { JobJournal } from './job-journal.ts';
import { readJob } from './read-job.ts';

export interface AcquireJobDeps {
  readonly nextJob: () => Promise<Buffer>;
  readonly journal: JobJournal;
  readonly directory: ProjectDirectory;
  readonly recordAttempt: RecordAttempt;
  /** As they are now. */
  readonly limits: () => IntakeLimits;
  /** Whether search attributes may be used in this namespace. */
  readonly searchAttributes: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** A hand-out and everything that comes of it have one id. */
  readonly correlation: Correlation;
}

interface RawJob {
  readonly acquisitionId: string;
  readonly raw: Buffer;
}

/** A job in hand, as the heartbeat carries it: in base64, since the bytes may not even be text. */
const inHandSchema = z.object({ acquisitionId: z.string(), rawBase64: z.string() });

/**
 * E1, with one GET per attempt. A job is safe twice before anything looks at it: on this disk, and as the heartbeat of
 * this activity at the server.
 */
export async function acquireJob(deps: AcquireJobDeps, input: AcquireJobInput): Promise<AcquiredJob> {
  const { correlation } = deps;
  await settle(deps, input);
  const known = await jobInHand(deps);
  if (known) return correlation.run(known.acquisitionId, () => handOver(deps, known));
  if (Date.now() >= input.untilMs) return { kind: 'window-over' };
  await passIntakeGate(deps.directory, deps.limits(), input.startedIds);

  const acquisitionId = newAcquisitionId();
  return correlation.run(acquisitionId, async () => {
    const raw = await deps.nextJob();
    await deps.journal.write(acquisitionId, raw);
    await deps.recordAttempt(activityInfo().taskToken, { acquisitionId, rawBase64: raw.toString('base64') });
    return handOver(deps, { acquisitionId, raw });
  });
}

/** Sorts by time, so that jobs are replayed in the order in which they came. */
const newAcquisitionId = () => `${new Date().toISOString().replace(/\D/g, '')}-${randomUUID()}`;

/** What an attempt that died had in its hands: from its heartbeat, or from this disk. */
async function jobInHand({ journal, directory }: AcquireJobDeps): Promise<RawJob | undefined> {
  const heartbeat = inHandSchema.safeParse(activityInfo().heartbeatDetails);
  if (heartbeat.success)
    return { acquisitionId: heartbeat.data.acquisitionId, raw: Buffer.from(heartbeat.data.rawBase64, 'base64') };
  for (;;) {
    const left = await journal.oldest();
    if (left === undefined) return undefined;
    const project = await directory.describe(workflowIdOf(readJob(left.raw)));
    if (project?.acquisitionId !== left.acquisitionId) return left;
    await journal.settle(left.acquisitionId);
  }
}

async function handOver(deps: AcquireJobDeps, { acquisitionId, raw }: RawJob): Promise<AcquiredJob> {
  const { journal, limits, log, metrics, searchAttributes } = deps;
  const job = readJob(raw);
  metrics.jobs.inc({ outcome: isMalformed(job) ? 'malformed' : 'acquired' });
  if (isMalformed(job)) {
    const keptAt = await journal.keepMalformed(acquisitionId);
    log.error(
      { acquisitionId, projectId: job.projectId, faults: job.faults, keptAt },
      'GoFlow handed out a malformed job',
    );
  } else {
    const { project, media, analyses } = job;
    log.info({ acquisitionId, projectId: project.id, media: media.length, analyses: analyses.length }, 'job acquired');
  }
  const { pollIntervalMs } = limits();
  return { kind: 'job', acquisitionId, workflowId: workflowIdOf(job), job, searchAttributes, pollIntervalMs };
}

/** Jobs that have become projects, or were refused because their project runs or has completed (decision D6). */
async function settle(
  { journal, directory, metrics, log }: AcquireJobDeps,
  { settled }: AcquireJobInput,
): Promise<void> {
  for (const { acquisitionId, workflowId, outcome } of settled) {
    await journal.settle(acquisitionId);
    // every poll of an empty queue is another attempt with the same input: said once
    if (outcome === 'started' || activityInfo().attempt > 1) continue;
    const project = await directory.describe(workflowId);
    metrics.jobs.inc({ outcome: project?.isRunning ? 'already-running' : 'already-completed' });
    log.warn(
      { acquisitionId, workflowId, status: project?.status },
      'a job was handed out again: nothing new is started',
    );
  }
}

function workflowIdOf(job: Job | MalformedJob): string {
  if (!isMalformed(job)) return projectWorkflowId(job.project.id);
  return job.projectId === undefined ? malformedJobWorkflowId(job.bodyDigest) : projectWorkflowId(job.projectId);
}
