import { QueryNotRegisteredError, QueryRejectedError, WorkflowClient } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import { grpcCodes, grpcErrorOf, inOurWords, type Temporal } from './ask-temporal.ts';
import { hadMalformedJob } from './read-input.ts';

export type ProgressAnswer =
  { readonly progress: Progress } | { readonly progress?: never; readonly progressUnavailable: string };

/** A history is replayed in well under a second; who has not answered by then is not there. */
const answerWithinMs = 5_000;

/** A run of a project; without an id of the run: the latest. */
interface Run {
  readonly workflowId: string;
  readonly runId?: string;
}

/** Asks a project where it stands. Closed ones can answer, too, as long as an orchestrator runs. */
export async function queryProgress(
  temporal: Temporal,
  run: Required<Run>,
  { withinMs = answerWithinMs } = {},
): Promise<ProgressAnswer> {
  try {
    return await ask(temporal, temporal.client.workflow, run, withinMs);
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) return { progressUnavailable: await whyItCannotSay(temporal, run) };
    throw inOurWords(error, temporal);
  }
}

/** Asks a run that may be closed, with one call. Undefined: it is closed, forgotten, or cannot say. */
export async function queryOpenProgress(temporal: Temporal, run: Run): Promise<ProgressAnswer | undefined> {
  try {
    const openOnly = new WorkflowClient({ ...temporal.client.workflow.options, queryRejectCondition: 'NOT_OPEN' });
    return await ask(temporal, openOnly, run);
  } catch (error) {
    const hasNoAnswer = [QueryRejectedError, WorkflowNotFoundError, QueryNotRegisteredError];
    if (hasNoAnswer.some((kind) => error instanceof kind)) return undefined;
    throw inOurWords(error, temporal);
  }
}

async function ask(
  { client }: Temporal,
  workflows: WorkflowClient,
  run: Run,
  withinMs = answerWithinMs,
): Promise<ProgressAnswer> {
  try {
    const query = () => workflows.getHandle(run.workflowId, run.runId).query(progressQuery);
    return { progress: await client.withDeadline(Date.now() + withinMs, query) };
  } catch (error) {
    const grpc = grpcErrorOf(error);
    if (grpc?.code === grpcCodes.DEADLINE_EXCEEDED || grpc?.code === grpcCodes.CANCELLED)
      return { progressUnavailable: 'no orchestrator answers: start one with npm run worker -- orchestrator' };
    // no poller for a while, or one whose code cannot go on with this history
    if (grpc?.code === grpcCodes.FAILED_PRECONDITION)
      return { progressUnavailable: `no orchestrator can answer: ${grpc.details}` };
    throw error;
  }
}

const whyItCannotSay = async (...run: Parameters<typeof hadMalformedJob>) =>
  (await hadMalformedJob(...run))
    ? 'nothing was begun, since the job was malformed'
    : 'the workflow does not take this question: an orchestrator of another version may run';
