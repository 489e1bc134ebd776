import { isCancellation } from '@temporalio/workflow';
import { activityId, idempotencyKey } from '../contracts/ids.ts';
import type { Answer, Task } from '../contracts/media.ts';
import { io } from './activities.ts';
import { failureOf } from './failure-of.ts';
import type { MediaState } from './media-state.ts';
import { policies } from './policies.ts';

/** E3, beside the next analyses. Nobody awaits it: the state knows what is under way. */
export function submit(state: MediaState, task: Task, answer: Answer): void {
  state.startSubmitting(task, answer);
  send(state, task, answer).catch((error: unknown) => {
    // a cancelled image drops what it has not sent; anything else is a bug and fails the workflow task
    if (!isCancellation(error)) throw error;
  });
}

async function send(state: MediaState, task: Task, { stored }: Answer): Promise<void> {
  const { media, plan, projectId, rerun } = state.input;
  const { analysisId, slug, round, mayHaveArrived } = task;
  const id = activityId.submit(media.id, analysisId, round, task.resent ? 2 : 1);
  const { submitResult } = io(policies.goflowCall, { activityId: id, summary: `${slug} · ${media.filename}` });
  try {
    const key = idempotencyKey.result(projectId, media.id, analysisId, rerun, round);
    const input = { projectId, plan, mediaId: media.id, analysisId, stored, idempotencyKey: key, mayHaveArrived };
    state.accepted(task, await submitResult(input));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'GoFlowUnprocessable' && state.analyseAgain(task)) return;
    // a definite refusal says that it is not there; after anything else it may be
    state.fail(task, failure, { mayHaveArrived: !isDefinite(failure.code) });
  }
}

const isDefinite = (code: string) =>
  ['GoFlowRefused', 'GoFlowNotFound', 'GoFlowUnprocessable', 'GoFlowUnexpected', 'IdMismatch'].includes(code);
