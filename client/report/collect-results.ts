import type { Client } from '@temporalio/client';
import { mediaWorkflowId, projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { planQuery, progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import { reportSchema } from '../../workflows/goflow/contracts/report.ts';
import { RefusedError } from '../operations/errors.ts';
import type { RunHistory } from '../operations/read-history.ts';
import { readImageRuns, readProjectRuns } from '../operations/read-runs.ts';
import { Found } from './found.ts';
import type { ProjectResults } from './results.ts';

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
  const [plan, progress, runs] = await Promise.all([
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
    ...(progress.waitingFor !== undefined && { waitingFor: progress.waitingFor }),
    plannedAt: plan.plannedAt,
    analyses: plan.analyses.map(({ id, name, slug }) => ({ id, name, slug })),
    media: plan.media.map((media) => found.mediaResults(plan, media)),
    ...(report && { report }),
  };
}

function reportOf(runs: readonly RunHistory[]): ProjectResults['report'] {
  const completed = runs.flatMap((run) => run.completed);
  const composed = completed.findLast(({ type }) => type === 'composeReport');
  const body = reportSchema.safeParse(composed?.result()).data;
  return body && { body, isAccepted: completed.some(({ type }) => type === 'submitReport') };
}
