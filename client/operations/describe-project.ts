import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { NotFoundError } from './errors.ts';
import { readMalformedJob } from './malformed-job.ts';

/** The latest run of a project, as Temporal itself knows it. */
export interface ProjectRow {
  readonly projectId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Names of client and project. */
  readonly summary: string | undefined;
  /** Slug of the client; like phase and failed unknown in a namespace without search attributes. */
  readonly client: string | undefined;
  readonly phase: Phase | undefined;
  /** Combinations that failed. */
  readonly failed: number | undefined;
  /** ISO 8601 in UTC. */
  readonly started: string;
  readonly closed: string | undefined;
  readonly status: WorkflowExecutionStatusName;
  /** Why nothing was begun: its job was malformed. */
  readonly reason?: string;
}

const prefix = projectWorkflowId('');

/** Operators may give the id of the project or of its workflow. */
const toWorkflowId = (id: string) => (id.startsWith(prefix) ? id : projectWorkflowId(id));
export const toProjectId = (id: string) => (id.startsWith(prefix) ? id.slice(prefix.length) : id);

export const isOpen = ({ status }: Pick<ProjectRow, 'status'>) => status === 'RUNNING' || status === 'PAUSED';

/** @throws {NotFoundError} */
export async function describeProject(temporal: Temporal, id: string): Promise<ProjectRow> {
  const workflowId = toWorkflowId(id);
  const notFound = () =>
    new NotFoundError(
      `there is no project ${id}`,
      'See what there is with: gf25 projects list (closed ones are forgotten after the retention of the namespace)',
    );
  const row = await askTemporal(temporal, async (): Promise<ProjectRow> => {
    const found = await temporal.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch((error: unknown) => {
        throw error instanceof WorkflowNotFoundError ? notFound() : error;
      });
    if (found.type !== 'goflowProject') throw notFound();
    const attributes = found.typedSearchAttributes;
    return {
      projectId: toProjectId(workflowId),
      workflowId,
      runId: found.runId,
      summary: await found.staticSummary(),
      client: attributes.get(searchAttributes.client),
      phase: attributes.get(searchAttributes.phase) as Phase | undefined,
      failed: attributes.get(searchAttributes.failed),
      started: found.startTime.toISOString(),
      closed: found.closeTime?.toISOString(),
      status: found.status.name,
    };
  });
  // what was never begun has set no search attribute
  return row.phase === undefined && row.status === 'FAILED'
    ? { ...row, ...(await readMalformedJob(temporal, row)) }
    : row;
}
