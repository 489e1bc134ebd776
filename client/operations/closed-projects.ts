import { askTemporal, type Temporal } from './ask-temporal.ts';
import { isOpen, type ProjectRow } from './describe-project.ts';
import { toIso } from './timestamp.ts';

/** Rows that are kept for each client of Temporal: a few hundred bytes each. */
const maxRows = 5_000;
/** Runs of one project are few: a page of the list, and what was run again. */
const pageSize = 1_000;

/** Ids stand in a query of Temporal between quotes. */
const isPlain = /^[^'"\\\p{Cc}]+$/u;

/** A closed run never changes: whoever lists thousands of projects asks Temporal for each of them once. */
const rowsByClient = new WeakMap<Temporal['client'], Map<string, ProjectRow>>();

interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/** Keeps the row of a run that is over. */
export function rememberClosed({ client }: Pick<Temporal, 'client'>, row: ProjectRow): void {
  if (isOpen(row) || !isPlain.test(row.workflowId)) return;
  const rows = rowsByClient.get(client) ?? new Map<string, ProjectRow>();
  rowsByClient.set(client, rows);
  rows.set(row.runId, row);
  const [oldest] = rows.keys();
  if (rows.size > maxRows && oldest !== undefined) rows.delete(oldest);
}

/** The rows that are known among these, by run, but for projects that have been run again since. */
export async function recallClosed(temporal: Temporal, runs: readonly Run[]): Promise<Map<string, ProjectRow>> {
  const rows = rowsByClient.get(temporal.client);
  const known = runs.flatMap(({ runId }) => rows?.get(runId) ?? []);
  if (known.length === 0) return new Map();
  const latest = await latestRuns(temporal, new Set(known.map(({ workflowId }) => workflowId)));
  const isLatest = ({ workflowId, runId }: ProjectRow) => latest.get(workflowId) === runId;
  return new Map(known.filter(isLatest).map((row) => [row.runId, row]));
}

/** The run that began last, by workflow. Nothing when there are more runs than fit in one answer. */
async function latestRuns(temporal: Temporal, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  const { client, namespace } = temporal;
  const query = `WorkflowId IN (${[...ids].map((id) => `'${id}'`).join(', ')})`;
  const { executions, nextPageToken } = await askTemporal(temporal, () =>
    client.workflowService.listWorkflowExecutions({ namespace, query, pageSize }),
  );
  if (nextPageToken.length > 0) return new Map();
  const runs = executions.map(({ execution, startTime }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    startedAtMs: Date.parse(toIso(startTime ?? {})),
  }));
  runs.sort((a, b) => a.startedAtMs - b.startedAtMs);
  return new Map(runs.map(({ workflowId, runId }) => [workflowId, runId]));
}
