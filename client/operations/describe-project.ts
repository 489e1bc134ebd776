import { WorkflowNotFoundError } from '@temporalio/common';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { NotFoundError } from './errors.ts';
import { type ListedProject, listedProject, toWorkflowId } from './listed-project.ts';
import { readMalformedJob } from './malformed-job.ts';

/** A run of a project, as Temporal itself knows it. */
export interface ProjectRow extends ListedProject {
  /** Names of client and project. */
  readonly summary: string | undefined;
  /** Why nothing was begun: its job was malformed. */
  readonly reason?: string;
}

export const isOpen = ({ status }: Pick<ListedProject, 'status'>) => status === 'RUNNING' || status === 'PAUSED';

/** The latest run of a project. @throws {NotFoundError} */
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
    const info = found.raw.workflowExecutionInfo;
    if (found.type !== 'goflowProject' || !info) throw notFound();
    return { ...listedProject(info), summary: await found.staticSummary() };
  });
  return { ...row, ...(await readMalformedJob(temporal, row)) };
}
