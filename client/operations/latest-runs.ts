import { askTemporal, type Temporal } from './ask-temporal.ts';
import { isOpen } from './describe-project.ts';
import { type ListedProject, listedProject } from './listed-project.ts';

/** Ids stand in a query of Temporal between quotes. */
const isPlain = (id: string) => /^[^'"\\\p{Cc}]+$/u.test(id);

/** Runs in one answer; of one project there are few. */
const pageSize = 1_000;

/** Leaves out what has been run again since. An open run is the latest one: a workflow has one at a time. */
export async function latestRuns(temporal: Temporal, runs: readonly ListedProject[]): Promise<ListedProject[]> {
  const closed = runs.filter((run) => !isOpen(run) && isPlain(run.workflowId));
  if (closed.length === 0) return [...runs];
  const latest = await latestRunIds(temporal, new Set(closed.map(({ workflowId }) => workflowId)));
  return runs.filter((run) => isOpen(run) || (latest.get(run.workflowId) ?? run.runId) === run.runId);
}

/** The run that began last, by workflow. */
async function latestRunIds(temporal: Temporal, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  const { client, namespace } = temporal;
  const query = `WorkflowId IN (${[...ids].map((id) => `'${id}'`).join(', ')})`;
  const runs: ListedProject[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = { namespace, query, pageSize, ...(nextPageToken && { nextPageToken }) };
    const page = await askTemporal(temporal, () => client.workflowService.listWorkflowExecutions(request));
    runs.push(...page.executions.map(listedProject));
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken);
  runs.sort((a, b) => a.started.localeCompare(b.started));
  return new Map(runs.map(({ workflowId, runId }) => [workflowId, runId]));
}
