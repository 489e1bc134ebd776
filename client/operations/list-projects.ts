import pLimit from 'p-limit';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { describeProject, isOpen, type ProjectRow } from './describe-project.ts';
import { NotFoundError } from './errors.ts';
import { queryProgress } from './query-progress.ts';

export interface ProjectFilter {
  /** Only those that are not over. */
  readonly open?: boolean | undefined;
  readonly phase?: Phase | undefined;
  /** At most so many. */
  readonly limit: number;
}

/** Calls to Temporal at once, for the rows of one list. */
const inParallel = 8;

/** The projects of the namespace, open ones first, then those that closed last; each once, with its latest run. */
export async function listProjects(temporal: Temporal, filter: ProjectFilter): Promise<ProjectRow[]> {
  const workflowIds = await findWorkflowIds(temporal, filter);
  const limit = pLimit(inParallel);
  const rows = await Promise.all(workflowIds.map((workflowId) => limit(() => readRow(temporal, workflowId))));
  // visibility lags behind and lists older runs, too: what counts is what the latest run says
  return rows
    .filter((row) => row !== undefined)
    .filter((row) => (!filter.open || isOpen(row)) && (filter.phase ?? row.phase) === row.phase);
}

function findWorkflowIds(temporal: Temporal, { open, phase, limit }: ProjectFilter): Promise<string[]> {
  const conditions = [`WorkflowType = 'goflowProject'`];
  if (open) conditions.push(`ExecutionStatus = 'Running'`);
  if (phase !== undefined) conditions.push(`${searchAttributes.phase.name} = '${phase}'`);
  const query = conditions.join(' AND ');
  return askTemporal(temporal, async () => {
    const found = new Set<string>();
    for await (const { workflowId } of temporal.client.workflow.list({ query })) {
      found.add(workflowId);
      if (found.size >= limit) break;
    }
    return [...found];
  });
}

/** Undefined: Temporal has forgotten it meanwhile. */
async function readRow(temporal: Temporal, workflowId: string): Promise<ProjectRow | undefined> {
  const row = await describeProject(temporal, workflowId).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  if (!row || row.phase !== undefined || !isOpen(row)) return row;
  const { progress } = await queryProgress(temporal, row);
  return { ...row, phase: progress?.phase, failed: progress?.totals.failed };
}
