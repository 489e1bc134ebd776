import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { Receipt, SendInput } from '../../workflows/goflow/contracts/activities.ts';
import { type FailureCode, failures } from '../../workflows/shared/failures.ts';
import { type RecordAttempt, recordOutcome, withHeartbeat } from './attempt.ts';
import { Failure } from './failure.ts';
import type { GoflowAnswer, GoflowCall, GoflowClient } from './goflow-client.ts';
import type { GoflowRetry } from './goflow-retry.ts';
import {
  codeOfHttpFailure,
  type Doubt,
  doubtAfter,
  doubts,
  type GoflowRules,
  graver,
  judgeAnswer,
} from './goflow-rules.ts';
import { HttpFailure } from './http.ts';
import type { Metrics } from './metrics.ts';
import type { ProjectNews } from './project-news.ts';
import type { Redact } from './redact.ts';
import type { SecurityLog } from './security-log.ts';
import type { StallWatch } from './stall-watch.ts';

export interface SenderDeps {
  readonly goflow: GoflowClient;
  readonly rules: GoflowRules;
  readonly retry: GoflowRetry;
  readonly recordAttempt: RecordAttempt;
  readonly news: ProjectNews;
  readonly metrics: Metrics;
  readonly redact: Redact;
  readonly unauthorized: SecurityLog;
  readonly stalls: StallWatch;
}

export interface SendCall extends Pick<GoflowCall, 'endpoint' | 'ids' | 'body'> {
  /** What operators see while it waits. */
  readonly label: string;
}

/**
 * Sends a call of E2-E4 so that GoFlow accepts it once (decisions D2, D3). Every attempt that ends on record says whether
 * it may have arrived; one that left no record may have. An attempt that the server has given up does not send.
 *
 * @throws {Failure} a GoFlow code of the catalogue, with the delay until the next attempt
 */
export type Send = (call: SendCall, input: SendInput) => Promise<Receipt>;

/** A cancelled call ends within 2 s. */
const heartbeatEveryMs = 1_000;

/** What the next attempt must know if this one dies. */
const sendRecordSchema = z.object({
  attempt: z.int(),
  doubt: z.enum(doubts),
  /** Since when the call has been waiting for GoFlow, epoch ms. */
  waitingSinceMs: z.number().optional(),
});
type SendRecord = z.infer<typeof sendRecordSchema>;

type Outcome =
  | { readonly kind: 'accepted' | 'already'; readonly status: number }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly message: string;
      readonly doubt: Doubt;
      readonly answer?: GoflowAnswer;
      readonly delayMs?: number;
    };

export function createSend(deps: SenderDeps): Send {
  return async (call, input) => {
    const { attempt } = activityInfo();
    const before = recordBefore(attempt, input.mayHaveArrived ? 'unanswered' : 'no');
    const outcome = await sendOnce(deps, call, input, before);
    if (outcome.kind !== 'failed') {
      if (before.waitingSinceMs !== undefined) deps.news.reachable(input.projectId);
      return { how: outcome.kind, status: outcome.status };
    }
    const { code, message, answer } = outcome;
    if (code === 'GoFlowUnauthorized') deps.unauthorized(call.endpoint);
    if (failures[code].retry === 'again') deps.metrics.goflowRetries.inc({ endpoint: call.endpoint, reason: code });
    const { delayMs, isSlow } = deps.retry.next({ endpoint: call.endpoint, code, failedAttempts: attempt, answer });
    const sinceMs = before.waitingSinceMs ?? Date.now();
    if (isSlow) deps.news.waiting(input.projectId, { sinceMs, call: call.label, reason: `${code}: ${message}` });
    await recordOutcome(deps.recordAttempt, {
      attempt,
      doubt: graver(before.doubt, outcome.doubt),
      ...(isSlow && { waitingSinceMs: sinceMs }),
    } satisfies SendRecord);
    throw new Failure(code, message, { retryDelayMs: outcome.delayMs ?? delayMs });
  };
}

async function sendOnce(deps: SenderDeps, call: SendCall, input: SendInput, before: SendRecord): Promise<Outcome> {
  const { attempt, taskToken } = activityInfo();
  const delayMs = deps.retry.pausedForMs();
  if (delayMs > 0)
    return { kind: 'failed', code: 'GoFlowRateLimited', message: 'held back by Retry-After', doubt: 'no', delayMs };

  const record: SendRecord = { ...before, attempt, doubt: 'unanswered' };
  // only after a standstill: in every other case the server has no reason to have given up, and asking costs a write
  if (deps.stalls.hasStalled() && (await deps.recordAttempt(taskToken, record)) === 'stale')
    throw new Failure(
      'SendDeadlinePassed',
      'this process stood still and the server has given the attempt up: nothing was sent',
    );
  try {
    const answer = await withHeartbeat(
      heartbeatEveryMs,
      () => record,
      (signal) => deps.goflow.call({ ...call, idempotencyKey: input.idempotencyKey, attempt, signal }),
    );
    const verdict = judgeAnswer(call.endpoint, answer, before.doubt, deps.rules);
    if (verdict.kind !== 'failed') return { kind: verdict.kind, status: answer.status };
    const message = describeAnswer(answer, deps.redact);
    return { kind: 'failed', code: verdict.code, message, doubt: doubtAfter(answer.status), answer };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return {
      kind: 'failed',
      code: codeOfHttpFailure(error),
      message: error.message,
      doubt: error.mayHaveArrived ? 'unanswered' : 'no',
    };
  }
}

/**
 * Where this attempt starts from. Without a record of the attempt just before, nobody knows how far that one came: it
 * may have arrived.
 */
function recordBefore(attempt: number, doubt: Doubt): SendRecord {
  if (attempt === 1) return { attempt: 0, doubt };
  const parsed = sendRecordSchema.safeParse(activityInfo().heartbeatDetails);
  if (!parsed.success) return { attempt: attempt - 1, doubt: 'unanswered' };
  const isComplete = parsed.data.attempt === attempt - 1;
  return isComplete ? parsed.data : { ...parsed.data, doubt: 'unanswered' };
}

/** Status and the beginning of the body: what an operator needs, and no more of foreign text than that. */
export function describeAnswer({ status, body }: GoflowAnswer, redact: Redact): string {
  const text = redact(body.toString('utf8'))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return text === '' ? `status ${status}` : `status ${status}: ${text}`;
}
