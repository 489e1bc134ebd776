import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { oneLine } from '../../client/report/short-answer.ts';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import type { GoflowStandIn } from '../../test/stand-ins/goflow/stand-in.ts';
import type { Job } from '../../test/stand-ins/goflow/job.ts';
import { countImages, type Snapshot } from './progress.ts';

/** How the project went, as far as this command follows it. */
export type Ending =
  | { readonly kind: 'completed' }
  /** It waits for an operator, and here is none. */
  | { readonly kind: 'holding'; readonly progress: Progress }
  | { readonly kind: 'ended'; readonly reason: string };

const lookEveryMs = 250;

/** Follows the project from the queue to its end, and tells everything that it sees on the way. */
export async function watchProject(
  { client, goflow }: { readonly client: Client; readonly goflow: GoflowStandIn },
  job: Job,
  show: (snapshot: Snapshot) => void,
): Promise<Ending> {
  const project = client.workflow.getHandle(projectWorkflowId(job.project.id));
  let closed: Promise<Ending> | undefined;
  let progress: Progress | undefined;
  let firstAtMs: number | undefined;
  for (;;) {
    progress = await project.query(progressQuery).catch((error: unknown) => {
      // the job is still in GoFlow's queue, or Temporal is too busy to answer this time
      if (error instanceof WorkflowNotFoundError || error instanceof ServiceError) return progress;
      throw error;
    });
    const accepted = goflow.project(job.project.id)?.accepted ?? 0;
    if (accepted > 0) firstAtMs ??= Date.now();
    show(snapshotOf(job, progress, accepted, firstAtMs === undefined ? 0 : Date.now() - firstAtMs));
    if (progress?.phase === 'holding') return { kind: 'holding', progress };
    if (progress) closed ??= project.result().then((): Ending => ({ kind: 'completed' }), endedBy);
    const ending = await Promise.race([sleep(lookEveryMs, undefined), ...(closed ? [closed] : [])]);
    if (ending) return ending;
  }
}

/** GoFlow itself knows best what it has accepted: the project hears of it every few seconds only. */
function snapshotOf(job: Job, progress: Progress | undefined, accepted: number, runningMs: number): Snapshot {
  return {
    phase: progress?.phase ?? 'starting',
    combinations: job.media.length * job.analyses.length,
    done: Math.max(accepted, progress?.totals.done ?? 0),
    failed: progress?.totals.failed ?? 0,
    images: countImages(progress?.media ?? []),
    waitingFor: progress?.waitingFor && oneLine(progress.waitingFor),
    runningMs,
  };
}

function endedBy(error: unknown): Ending {
  if (!(error instanceof WorkflowFailedError)) throw error;
  return { kind: 'ended', reason: error.cause?.message ?? error.message };
}
