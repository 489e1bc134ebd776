import { isMalformed } from '../../workflows/goflow/contracts/is-malformed.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { describeProject, isOpen, type ProjectRow } from './describe-project.ts';
import { RefusedError } from './errors.ts';
import { readInput } from './read-input.ts';
import { type ProjectStart, type StartedProject, startProject } from './start-project.ts';

/**
 * Runs a closed project again, with the job of its last run. One that failed or was cancelled goes on with its story:
 * same keys, nothing is sent twice (P2). Forced, it is a new story for GoFlow: everything is sent again as `:rerun-<n>`.
 *
 * @param force needed for a project that has completed
 * @throws {NotFoundError} {RefusedError}
 */
export async function rerunProject(
  temporal: Temporal,
  { id, force }: { readonly id: string; readonly force: boolean },
): Promise<StartedProject> {
  return startProject(temporal, await planRerun(temporal, await describeProject(temporal, id), force));
}

/** How a project would run again: nothing is started. @throws {RefusedError} */
export async function planRerun(temporal: Temporal, project: ProjectRow, force: boolean): Promise<ProjectStart> {
  const { projectId, status } = project;
  if (isOpen(project))
    throw new RefusedError(
      `project ${projectId} still runs`,
      `End it first: gf25 projects cancel ${projectId} --reason TEXT`,
    );
  if (status === 'COMPLETED' && !force)
    throw new RefusedError(
      `project ${projectId} has completed: a re-run sends every result to GoFlow again`,
      `If that is what you want: gf25 projects rerun ${projectId} --force`,
    );
  const { job } = await readInput(temporal, project);
  if (isMalformed(job))
    throw new RefusedError(
      `the job of project ${projectId} is malformed: it would fail again`,
      'Mend the job and submit it from a file: gf25 submit FILE.json',
    );
  return force
    ? { job, rerun: (await lastRerun(temporal, project)) + 1, reuse: 'ALLOW_DUPLICATE' }
    : { job, rerun: 0, reuse: 'ALLOW_DUPLICATE_FAILED_ONLY' };
}

/**
 * The highest number of a forced re-run so far. The last run does not always know it: one that was started after a
 * failed re-run, by intake for example, says 0 and goes on with that re-run's story.
 */
async function lastRerun(temporal: Temporal, { workflowId, runId }: ProjectRow): Promise<number> {
  const runIds = new Set([runId]);
  const query = `WorkflowId = ${JSON.stringify(workflowId)} AND WorkflowType = 'goflowProject'`;
  await askTemporal(temporal, async () => {
    for await (const run of temporal.client.workflow.list({ query })) runIds.add(run.runId);
  });
  const inputs = await Promise.all([...runIds].map((each) => readInput(temporal, { workflowId, runId: each })));
  return Math.max(...inputs.map(({ rerun }) => rerun));
}
