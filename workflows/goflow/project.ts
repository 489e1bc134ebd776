import { ApplicationFailure, isCancellation, log, TemporalFailure } from '@temporalio/workflow';
import { runWindow } from '../shared/window.ts';
import type { Job, MalformedJob } from './contracts/job.ts';
import { isMalformed } from './contracts/is-malformed.ts';
import type { ProjectInput, ProjectResult } from './contracts/project.ts';
import { createAnnouncer } from './steps/announce.ts';
import { goOnAsNew, mustContinueAsNew } from './steps/continue-as-new.ts';
import { hold } from './steps/hold.ts';
import { imagesEnded, runMedia } from './steps/run-media.ts';
import { listen } from './steps/listen.ts';
import { plan } from './steps/plan.ts';
import { progressOf } from './steps/progress.ts';
import type { Project } from './steps/project.ts';
import { ProjectState } from './steps/project-state.ts';
import { sendReport } from './steps/send-report.ts';
import { sendStatus } from './steps/send-status.ts';
import { createShow } from './steps/show.ts';

/** One project, from the job to the accepted report. */
export async function goflowProject(input: ProjectInput): Promise<ProjectResult> {
  if (isMalformed(input.job)) throw malformedJob(input.job);
  const project = openProject(input, input.job);
  try {
    return await project.state.scope.run(() => pipeline(project));
  } catch (error) {
    throw await conclude(project, error);
  }
}

async function pipeline(project: Project): Promise<ProjectResult> {
  const { state } = project;
  if (!state.hasPlan) await plan(project);
  await analyse(project);
  state.step = 'completing';
  // said already when the first image was staged, but for projects without one valid image
  await sendStatus(project, 'processing');
  await sendStatus(project, 'completed');
  const { how, report } = await sendReport(project);

  state.ending = 'done';
  state.step = 'over';
  project.announce({ kind: 'project-finished', report, qa: qaOf(state) });
  project.show();
  await project.announce.delivered();
  const { combinations, done, failed } = state.combinations.counts();
  const counts = { projectId: state.job.project.id, combinations, done, failed };
  const progress = progressOf(state, project.show.since());
  return { ...counts, report: how, planDigest: state.plan.digest, progress };
}

/** Until every combination is accepted, or what failed is accepted by policy or by an operator. */
async function analyse(project: Project): Promise<void> {
  const { state } = project;
  for (;;) {
    await runWindow({
      hasMore: () => state.combinations.nextMedia() !== undefined,
      take: () => state.combinations.nextMedia(),
      limit: () => state.plan.mediaInFlight,
      isOpen: () => !state.paused,
      isClosing: () => mustContinueAsNew(state),
      run: (mediaId) => runMedia(project, mediaId),
    });
    if (mustContinueAsNew(state)) await goOnAsNew(project);
    project.announce.qaFailures();
    if (mayComplete(state)) return;
    await hold(project, { kind: 'failed-combinations', reason: failedReason(state) });
    if (state.acceptedBecause !== undefined) return;
  }
}

function qaOf({ combinations }: ProjectState) {
  const { repaired, degraded } = combinations.summary();
  return { repaired, degraded, failures: combinations.qaFailuresByStage() };
}

/** Decision D4: all passed, or few enough failed where the operator has said so beforehand. */
function mayComplete(state: ProjectState): boolean {
  const { combinations, failed } = state.combinations.counts();
  const { policy, maxFailedShare } = state.plan.failures;
  return failed === 0 || (policy === 'accept' && failed / combinations <= maxFailedShare);
}

function failedReason(state: ProjectState): string {
  const failed = state.combinations.failures();
  const codes = [...new Set(failed.map(({ outcome }) => outcome.code))].join(', ');
  return `${failed.length} of ${state.combinations.counts().combinations} combinations failed (${codes}): retry, accept or cancel`;
}

function openProject(input: ProjectInput, job: Job): Project {
  const state = new ProjectState(input, job, Date.now());
  const show = createShow(state);
  const announce = createAnnouncer(state);
  const project = { state, show, announce };
  listen(project);
  show();
  return project;
}

/**
 * How a project ends that does not complete: as failed or cancelled, since after a completed one it could never run
 * again. Errors in workflow code and continue-as-new pass through: the first retries the task, the second is no end.
 */
async function conclude(project: Project, error: unknown): Promise<unknown> {
  const { state } = project;
  const isCancelled = state.scope.consideredCancelled && isCancellation(error);
  if (!isCancelled && !(error instanceof TemporalFailure)) return error;

  const reason = isCancelled ? (state.cancelledBecause ?? 'cancelled through Temporal') : messageOf(error);
  log.info('the project ends without completing', { isCancelled, reason });
  await imagesEnded(project);
  state.ending = isCancelled ? 'cancelled' : 'failed';
  state.step = 'over';
  project.announce({ kind: 'project-ended', how: state.ending, reason });
  project.show();
  await project.announce.delivered();
  // a workflow can only end as "cancelled" when Temporal itself was asked; an operator's word ends it as failed
  if (isCancelled && state.cancelledBecause !== undefined)
    return ApplicationFailure.nonRetryable(`cancelled by an operator: ${reason}`, 'ProjectCancelled');
  return error;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const malformedJob = (job: MalformedJob) =>
  ApplicationFailure.nonRetryable(
    `the job from GoFlow is malformed: ${job.faults.join('; ')} (body SHA-256 ${job.bodyDigest})`,
    'MalformedJob',
    job,
  );
