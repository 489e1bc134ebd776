import type { FailureCode } from '../../workflows/shared/failures.ts';

export interface RetryTimes {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly serverErrorFactor: number;
  /** Once the quick attempts are used up: one attempt in this time, for as long as it takes. */
  readonly slowMs: number;
  readonly maxRetryAfterMs: number;
}

/** Whether the quick attempts are over. 401 ends them at once: no number of attempts mends a key. */
export const isSlow = (code: FailureCode, failedAttempts: number, retries: number) =>
  code === 'GoFlowUnauthorized' || failedAttempts > retries;

/**
 * When to try again: exponential with jitter while attempts are quick, then steady; never before GoFlow's Retry-After.
 *
 * @param failedAttempts attempts that have failed, this one included
 * @param random 0..1
 */
export function retryDelayMs(
  times: RetryTimes,
  failure: { code: FailureCode; failedAttempts: number; retries: number; retryAfterMs: number | undefined },
  random: number,
): number {
  const { code, failedAttempts, retries, retryAfterMs = 0 } = failure;
  const own = isSlow(code, failedAttempts, retries)
    ? times.slowMs * (0.9 + 0.1 * random)
    : quickMs(times, code, failedAttempts) * (0.5 + 0.5 * random);
  return Math.max(own, Math.min(retryAfterMs, times.maxRetryAfterMs));
}

function quickMs(times: RetryTimes, code: FailureCode, failedAttempts: number): number {
  const factor = code === 'GoFlowServerError' ? times.serverErrorFactor : 1;
  return Math.min(times.maxMs, times.firstMs * 2 ** (failedAttempts - 1)) * factor;
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110). Zero, negative and unreadable values are ignored.
 */
export function parseRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const delayMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : dateOf(text) - nowMs;
  return delayMs > 0 ? delayMs : undefined;
}

/** Only real dates: `Date.parse` takes "-5" for a year. */
const dateOf = (text: string) => (/^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN);
