import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import { z } from 'zod';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { readHistory, type RunHistory } from './read-history.ts';

/** Histories that are fetched at once. */
const fetchesAtOnce = 8;

const planSchema = z.object({ earlier: z.object({ runId: z.string() }).optional() });

/**
 * The runs of a project that make one story, the oldest first: those before a continue-as-new, and a failed or cancelled
 * one that this one goes on from (P2). What retention has taken away is missing at the beginning.
 *
 * @param lastRunId default: the latest
 * @throws WorkflowNotFoundError Temporal does not know the project (any more)
 */
export async function readProjectRuns(client: Client, projectId: string, lastRunId?: string): Promise<RunHistory[]> {
  const runs: RunHistory[] = [];
  let runId = lastRunId;
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

/** The runs of the images of these runs, in the order in which they began. */
export function readImageRuns(client: Client, projectRuns: readonly RunHistory[]) {
  const limit = pLimit(fetchesAtOnce);
  const images = projectRuns.flatMap(({ children }) => children);
  return Promise.all(
    images.map(({ workflowId, runId }) =>
      limit(async () => ({ workflowId, history: await readHistory(client, workflowId, runId) })),
    ),
  );
}
