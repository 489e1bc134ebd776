import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import type { ProjectResult } from '../../workflows/goflow/contracts/project.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { countAccepted } from './count-accepted.ts';
import { describeProject, isOpen, type ProjectRow } from './describe-project.ts';
import { KeptByRun } from './kept-by-run.ts';
import { toWorkflowId } from './listed-project.ts';
import { type ProgressAnswer, queryOpenProgress, queryProgress } from './query-progress.ts';

/** Everything that can be said about a project now. */
export interface ProjectView {
  readonly project: ProjectRow;
  readonly progress?: Progress;
  /** Why there is no progress, in words for an operator. */
  readonly progressUnavailable?: string;
  /** What a completed project brought home. */
  readonly result?: Omit<ProjectResult, 'progress'>;
  /** Why a project ended without completing. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** How a run ended. */
type End = Pick<ProjectView, 'progress' | 'result' | 'failure'>;

/** A few thousand bytes each. */
const ends = new KeptByRun<End>(1_000);

/**
 * Where a project stands and, when it is over, how it ended. The progress of an open one needs a running orchestrator.
 *
 * @throws {NotFoundError}
 */
export async function showProject(temporal: Temporal, { id }: { readonly id: string }): Promise<ProjectView> {
  // most projects that are looked at are open: what they say is asked for beside what they are
  const asked = queryOpenProgress(temporal, { workflowId: toWorkflowId(id) });
  asked.catch(() => undefined);
  const project = await describeProject(temporal, id);
  if (isOpen(project))
    return withProgress(temporal, { project }, (await asked) ?? (await queryProgress(temporal, project)));
  const { progress, ...end } = await ends.get(temporal, project.runId, () => readEnd(temporal, project));
  return withProgress(temporal, { project, ...end }, progress ? { progress } : await queryProgress(temporal, project));
}

/** The same project with what it has just said. */
export async function withProgress(
  temporal: Temporal,
  view: Omit<ProjectView, keyof ProgressAnswer>,
  answer: ProgressAnswer,
): Promise<ProjectView> {
  const progress = answer.progress && (await countAccepted(temporal, view.project, answer.progress));
  // the search attributes are a moment behind
  const upToDate = progress && { phase: progress.phase, failed: progress.totals.failed };
  return { ...view, ...answer, ...(progress && { progress }), project: { ...view.project, ...upToDate } };
}

function readEnd(temporal: Temporal, { workflowId, runId }: ProjectRow): Promise<End> {
  return askTemporal(temporal, async () => {
    try {
      const handle = temporal.client.workflow.getHandle(workflowId, runId);
      const { progress, ...result } = (await handle.result()) as ProjectResult;
      return { result, ...(progress && { progress }) };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      let cause: Error = error.cause ?? error;
      // an activity's or child's failure only wraps what happened
      while (cause instanceof TemporalFailure && cause.cause) cause = cause.cause;
      const code = cause instanceof ApplicationFailure ? (cause.type ?? cause.name) : cause.name;
      return { failure: { code, message: cause.message } };
    }
  });
}
