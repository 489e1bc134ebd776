import { QueryNotRegisteredError } from '@temporalio/client';
import { progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import { grpcCodes, grpcErrorOf, inOurWords, type Temporal } from './ask-temporal.ts';
import { hadMalformedJob } from './read-input.ts';

export type ProgressAnswer =
  { readonly progress: Progress } | { readonly progress?: never; readonly progressUnavailable: string };

/** A history is replayed in well under a second; who has not answered by then is not there. */
const answerWithinMs = 5_000;

/** Asks a project where it stands. Closed ones can answer, too, as long as an orchestrator runs. */
export async function queryProgress(
  temporal: Temporal,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<ProgressAnswer> {
  const { client } = temporal;
  try {
    const query = () => client.workflow.getHandle(workflowId, runId).query(progressQuery);
    return { progress: await client.withDeadline(Date.now() + answerWithinMs, query) };
  } catch (error) {
    if (error instanceof QueryNotRegisteredError)
      return { progressUnavailable: await whyItCannotSay(temporal, { workflowId, runId }) };
    const grpc = grpcErrorOf(error);
    if (grpc?.code === grpcCodes.DEADLINE_EXCEEDED || grpc?.code === grpcCodes.CANCELLED)
      return { progressUnavailable: 'no orchestrator answers: start one with npm run worker -- orchestrator' };
    // no poller for a while, or one whose code cannot go on with this history
    if (grpc?.code === grpcCodes.FAILED_PRECONDITION)
      return { progressUnavailable: `no orchestrator can answer: ${grpc.details}` };
    throw inOurWords(error, temporal);
  }
}

const whyItCannotSay = async (...run: Parameters<typeof hadMalformedJob>) =>
  (await hadMalformedJob(...run))
    ? 'nothing was begun, since the job was malformed'
    : 'the workflow does not take this question: an orchestrator of another version may run';
