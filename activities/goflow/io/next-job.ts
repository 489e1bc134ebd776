import { activityInfo } from '@temporalio/activity';
import type { FailureCode } from '../../../workflows/shared/failures.ts';
import { Failure } from '../../shared/failure.ts';
import type { GoflowAnswer, GoflowClient } from '../../shared/goflow-client.ts';
import type { GoflowRetry } from '../../shared/goflow-retry.ts';
import { codeOfHttpFailure, type GoflowRules, judgeAnswer } from '../../shared/goflow-rules.ts';
import { describeAnswer } from '../../shared/goflow-sender.ts';
import { HttpFailure } from '../../shared/http.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { Redact } from '../../shared/redact.ts';
import type { SecurityLog } from '../../shared/security-log.ts';

export interface NextJobDeps {
  readonly goflow: GoflowClient;
  readonly rules: GoflowRules;
  readonly retry: GoflowRetry;
  readonly metrics: Metrics;
  readonly redact: Redact;
  readonly unauthorized: SecurityLog;
  /** As it is now. */
  readonly pollIntervalMs: () => number;
}

/**
 * One GET of E1. The number of consecutive errors is kept here, since the attempts of one long poll never reset: after
 * the quick retries of one poll comes the next poll, and E1 never waits longer than that by itself (P9).
 *
 * @returns the raw body of a job
 * @throws {Failure} `NoJob` when the queue is empty, else a GoFlow code
 */
export function createNextJob(deps: NextJobDeps): () => Promise<Buffer> {
  const { pollIntervalMs, retry, rules } = deps;
  let consecutiveErrors = 0;

  const failure = (code: FailureCode, message: string, answer?: GoflowAnswer) => {
    consecutiveErrors += 1;
    deps.metrics.goflowRetries.inc({ endpoint: 'nextJob', reason: code });
    if (code === 'GoFlowUnauthorized') deps.unauthorized('nextJob');
    const { delayMs, isSlow } = retry.next({ endpoint: 'nextJob', code, failedAttempts: consecutiveErrors, answer });
    const retryDelayMs = Math.max(isSlow ? pollIntervalMs() : delayMs, retry.pausedForMs());
    return new Failure(code, message, { retryDelayMs, isFinal: false });
  };

  return async () => {
    const pausedForMs = retry.pausedForMs();
    if (pausedForMs > 0)
      throw new Failure('GoFlowRateLimited', 'held back by Retry-After', {
        retryDelayMs: Math.max(pausedForMs, pollIntervalMs()),
      });
    const answer = await deps.goflow
      .call({ endpoint: 'nextJob', attempt: activityInfo().attempt })
      .catch((error: unknown) => {
        throw error instanceof HttpFailure ? failure(codeOfHttpFailure(error), error.message) : error;
      });
    if (answer.status !== 200 && answer.status !== 404 && answer.status !== 204) {
      const verdict = judgeAnswer('nextJob', answer, 'no', rules);
      const code = verdict.kind === 'failed' ? verdict.code : 'GoFlowUnexpected';
      throw failure(code, describeAnswer(answer, deps.redact), answer);
    }
    consecutiveErrors = 0;
    if (answer.status === 200) return answer.body;
    throw new Failure('NoJob', 'the queue is empty', { retryDelayMs: pollIntervalMs() });
  };
}
