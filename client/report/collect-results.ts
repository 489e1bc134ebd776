import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import { z } from 'zod';
import { mediaWorkflowId, projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { planQuery, progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import { reportSchema } from '../../workflows/goflow/contracts/report.ts';
import { allOf } from '../operations/all-of.ts';
import { RefusedError } from '../operations/errors.ts';
import { Found } from './found.ts';
import { readHistory, type RunHistory } from './history.ts';
import type { ProjectResults } from './results.ts';

/** Histories that are fetched at once. */
const fetchesAtOnce = 8;

/**
 * Everything that is known of a project, running or over: its plan by query, its answers from the histories of its
 * images. Runs before a retry or a continue-as-new count, and so does a failed or cancelled run that this one goes on
 * from (P2).
 *
 * @throws {RefusedError} when the project has no plan (yet); WorkflowNotFoundError when Temporal does not know it (any more).
 *   A worker of the orchestrator role must run: it answers the queries.
 */
export async function collectResults(client: Client, projectId: string): Promise<ProjectResults> {
  const project = client.workflow.getHandle(projectWorkflowId(projectId));
  const [plan, progress, runs] = await allOf([
    project.query(planQuery),
    project.query(progressQuery),
    readProjectRuns(client, projectId),
  ]);
  if (plan === null)
    throw new RefusedError(`project ${projectId} has no plan (yet)`, `See why: gf25 projects diagnose ${projectId}`);

  const found = new Found();
  const mediaIds = new Map(plan.media.map(({ id }) => [mediaWorkflowId(projectId, id), id]));
  for (const { workflowId, history } of await readImageRuns(client, runs))
    found.addImageRun(mediaIds.get(workflowId) ?? workflowId, history);
  const report = reportOf(runs);
  for (const failure of progress.failures) found.addFailure(failure);
  for (const { media_id: mediaId, analysis_id: analysisId, code, message } of report?.body.report.details.failed ?? [])
    found.addFailure({ mediaId, analysisId, code, message });

  return {
    client: plan.client,
    project: plan.project,
    phase: progress.phase,
    plannedAt: plan.plannedAt,
    analyses: plan.analyses.map(({ id, name, slug }) => ({ id, name, slug })),
    media: plan.media.map((media) => found.mediaResults(plan, media)),
    ...(report && { report }),
  };
}

const planSchema = z.object({ earlier: z.object({ runId: z.string() }).optional() });

/** The runs that make one story, the oldest first; what retention has taken away is missing at the beginning. */
async function readProjectRuns(client: Client, projectId: string): Promise<RunHistory[]> {
  const runs: RunHistory[] = [];
  let runId: string | undefined;
  do {
    const run = await readHistory(client, projectWorkflowId(projectId), runId).catch((error: unknown) => {
      if (runs.length > 0 && error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
    if (run === undefined) break;
    runs.unshift(run);
    const planned = run.completed.find(({ type }) => type === 'planProject');
    runId = run.continuedFrom ?? planSchema.safeParse(planned?.result()).data?.earlier?.runId;
  } while (runId !== undefined);
  return runs;
}

function readImageRuns(client: Client, projectRuns: readonly RunHistory[]) {
  const limit = pLimit(fetchesAtOnce);
  const images = projectRuns.flatMap(({ children }) => children);
  return Promise.all(
    images.map(({ workflowId, runId }) =>
      limit(async () => ({ workflowId, history: await readHistory(client, workflowId, runId) })),
    ),
  );
}

function reportOf(runs: readonly RunHistory[]): ProjectResults['report'] {
  const completed = runs.flatMap((run) => run.completed);
  const composed = completed.findLast(({ type }) => type === 'composeReport');
  const body = reportSchema.safeParse(composed?.result()).data;
  return body && { body, isAccepted: completed.some(({ type }) => type === 'submitReport') };
}
