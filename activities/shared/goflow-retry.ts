import { failures, type FailureCode } from '../../workflows/shared/failures.ts';
import type { GoflowAnswer, GoflowEndpoint } from './goflow-client.ts';
import { isSlow, parseRetryAfter, retryDelayMs, type RetryTimes } from './retry-delay.ts';

/** When the next attempt of a call to GoFlow is due, and for whom all calls of this process wait. */
export interface GoflowRetry {
  /** What is left of a pause that GoFlow asked all calls of this process to make (429), in ms; 0: none. */
  pausedForMs(): number;
  next(failure: FailedCall): { readonly delayMs: number; /** The quick attempts are over. */ readonly isSlow: boolean };
}

interface FailedCall {
  readonly endpoint: GoflowEndpoint;
  readonly code: FailureCode;
  readonly failedAttempts: number;
  readonly answer?: GoflowAnswer | undefined;
}

export function createGoflowRetry(times: RetryTimes, retries: Readonly<Record<GoflowEndpoint, number>>): GoflowRetry {
  let pausedUntilMs = 0;
  return {
    pausedForMs: () => Math.max(0, pausedUntilMs - Date.now()),
    next({ endpoint, code, failedAttempts, answer }) {
      const nowMs = Date.now();
      const retryAfterMs = answer && parseRetryAfter(answer.headers['retry-after'], nowMs);
      if (answer?.status === 429 && retryAfterMs !== undefined)
        pausedUntilMs = Math.max(pausedUntilMs, nowMs + Math.min(retryAfterMs, times.maxRetryAfterMs));
      const failure = { code, failedAttempts, retries: retries[endpoint], retryAfterMs };
      return {
        delayMs: retryDelayMs(times, failure, Math.random()),
        isSlow: failures[code].retry === 'again' && isSlow(code, failedAttempts, retries[endpoint]),
      };
    },
  };
}
