import { type Client, QueryNotRegisteredError, ScheduleNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import { mediaWorkflowId, projectWorkflowId, scheduleId } from '../workflows/goflow/contracts/ids.ts';
import {
  mediaLedgerQuery,
  newsSignal,
  planQuery,
  projectLedgerQuery,
  type Seen,
  seenQuery,
} from '../workflows/goflow/contracts/messages.ts';
import type { Phase } from '../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../workflows/goflow/contracts/search-attributes.ts';
import type { ProjectDirectory } from '../activities/shared/project-directory.ts';

const maxEarlierRuns = 10;
/** temporal.api.enums.v1.QueryRejectCondition: a closed project would be replayed for it */
const ifNotOpen = 2 as never;
const seenWithinMs = 3_000;

/** The port of the activities to Temporal, over the client of this process. */
export function createProjectDirectory(client: Client): ProjectDirectory {
  const project = (projectId: string, runId?: string) => client.workflow.getHandle(projectWorkflowId(projectId), runId);
  return {
    async isIntakePaused() {
      const description = await orUndefined(client.schedule.getHandle(scheduleId).describe());
      return description?.state.paused ?? false;
    },
    async openProjects() {
      const open: { workflowId: string; phase?: Phase }[] = [];
      const query = `WorkflowType = 'goflowProject' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query })) {
        const phase = typedSearchAttributes.get(searchAttributes.phase) as Phase | undefined;
        open.push({ workflowId, ...(phase !== undefined && { phase }) });
      }
      return open;
    },
    async describe(workflowId) {
      const found = await orUndefined(client.workflow.getHandle(workflowId).describe());
      if (found === undefined) return undefined;
      const acquisitionId = found.memo?.['acquisitionId'];
      return {
        isRunning: found.status.name === 'RUNNING',
        status: found.status.name,
        ...(typeof acquisitionId === 'string' && { acquisitionId }),
      };
    },
    plan: async (projectId) => (await orUndefined(project(projectId).query(planQuery))) ?? undefined,
    async earlierLedger(projectId, runId) {
      const query = `WorkflowId = '${projectWorkflowId(projectId)}' AND WorkflowType = 'goflowProject'`;
      let looked = 0;
      // newest first
      for await (const run of client.workflow.list({ query })) {
        if (run.runId === runId || run.status.name === 'CONTINUED_AS_NEW') continue;
        const ledger = await project(projectId, run.runId).query(projectLedgerQuery).catch(ifNeverPlanned);
        if (ledger) return { runId: run.runId, ledger };
        if ((looked += 1) === maxEarlierRuns) break;
      }
      return undefined;
    },
    mediaLedger: (projectId, mediaId) =>
      orUndefined(client.workflow.getHandle(mediaWorkflowId(projectId, mediaId)).query(mediaLedgerQuery)),
    async tell(projectId, news) {
      // what changes the phase belongs into the history, what is only for show does not
      if (news.waitingForGoflow !== undefined) return project(projectId).signal(newsSignal, news);
      const seen = { accepted: news.accepted, atMs: Date.now() } satisfies Seen;
      // without an orchestrator nobody answers
      await client.withDeadline(Date.now() + seenWithinMs, () =>
        client.workflowService.queryWorkflow({
          namespace: client.options.namespace,
          execution: { workflowId: projectWorkflowId(projectId) },
          query: { queryType: seenQuery.name, queryArgs: { payloads: [defaultPayloadConverter.toPayload(seen)] } },
          queryRejectCondition: ifNotOpen,
        }),
      );
    },
  };
}

/** A malformed job fails before it has anything to tell. */
function ifNeverPlanned(error: unknown): undefined {
  if (error instanceof QueryNotRegisteredError || error instanceof WorkflowNotFoundError) return undefined;
  throw error;
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
