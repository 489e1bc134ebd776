import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { grpcCodes, grpcErrorOf, inOurWords, type Temporal } from '../operations/ask-temporal.ts';
import { describeProject, isOpen, type ProjectRow } from '../operations/describe-project.ts';
import { NotFoundError, RefusedError, UnansweredError } from '../operations/errors.ts';
import { hadMalformedJob } from '../operations/read-input.ts';
import { collectResults } from './collect-results.ts';
import type { ProjectResults } from './results.ts';

export interface ReportSource {
  /** Stays the same as long as the report does; undefined while the project may change it. */
  readonly version: string | undefined;
  read(): Promise<ProjectResults>;
}

/** Hundreds of histories are read for the largest projects. */
const answerWithinMs = 60_000;

/**
 * What a project has brought so far, with every answer. Opened first, so that whoever has this version needs no reading.
 *
 * @throws {NotFoundError}; `read` also {RefusedError} there is no plan, {UnansweredError} no orchestrator runs
 */
export async function openReport(temporal: Temporal, { id }: { readonly id: string }): Promise<ReportSource> {
  const project = await describeProject(temporal, id);
  const { projectId, runId, closed } = project;
  return {
    version: isOpen(project) ? undefined : `${runId}-${closed ?? ''}`,
    async read() {
      const { client } = temporal;
      try {
        return await client.withDeadline(Date.now() + answerWithinMs, () => collectResults(client, projectId));
      } catch (error) {
        throw await inReportWords(error, temporal, project);
      }
    },
  };
}

async function inReportWords(error: unknown, temporal: Temporal, project: ProjectRow): Promise<unknown> {
  const { projectId } = project;
  if (error instanceof QueryNotRegisteredError && (await hadMalformedJob(temporal, project)))
    return new RefusedError(
      `project ${projectId} has no plan: its job was malformed and has to be mended at GoFlow`,
      `See what is wrong with it: gf25 projects show ${projectId}`,
    );
  if (error instanceof WorkflowNotFoundError)
    return new NotFoundError(
      `the history of project ${projectId} is gone`,
      'Retention has taken it away. What GoFlow was sent stands in the audit of the io workers.',
    );
  const code = grpcErrorOf(error)?.code;
  if (code === grpcCodes.DEADLINE_EXCEEDED || code === grpcCodes.CANCELLED || code === grpcCodes.FAILED_PRECONDITION)
    return new UnansweredError(
      `no orchestrator answers for project ${projectId}`,
      'Start one: npm run worker -- orchestrator',
    );
  return inOurWords(error, temporal);
}
