import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGoflowRetry } from '../../../activities/shared/goflow-retry.ts';
import { isSlow, parseRetryAfter, retryDelayMs, type RetryTimes } from '../../../activities/shared/retry-delay.ts';
import type { FailureCode } from '../../../workflows/shared/failures.ts';

const times: RetryTimes = {
  firstMs: 1_000,
  maxMs: 20_000,
  serverErrorFactor: 3,
  slowMs: 60_000,
  maxRetryAfterMs: 900_000,
};
const nowMs = Date.UTC(2026, 10, 20, 10, 0, 0);

describe('Retry-After', () => {
  test.each<[string | string[] | undefined, number | undefined]>([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['1.5', 1_500],
    ['1000000000', 1e12],
    ['Fri, 20 Nov 2026 10:02:00 GMT', 120_000],
    ['Friday, 20-Nov-26 10:02:00 GMT', 120_000],
    // ignored: zero, negative, the past and what cannot be read (P9)
    ['0', undefined],
    ['0.0', undefined],
    ['-5', undefined],
    ['-1.5', undefined],
    ['1e9', undefined],
    ['0x10', undefined],
    ['', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['5 seconds', undefined],
    ['2026', 2_026_000],
    ['Fri, 20 Nov 2026 09:59:59 GMT', undefined],
    ['Fri, 99 Nov 2026 10:02:00 GMT', undefined],
    [['5', '6'], undefined],
    [undefined, undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected);
  });

  test('of more digits than a number holds is a very long time', () => {
    expect(parseRetryAfter('9'.repeat(400), nowMs)).toBe(Infinity);
  });
});

describe('the delay before the next attempt', () => {
  const delay = (code: FailureCode, failedAttempts: number, random: number, retryAfterMs?: number) =>
    retryDelayMs(times, { code, failedAttempts, retries: 3, retryAfterMs }, random);

  test.each<[FailureCode, number, number, number]>([
    ['GoFlowUnreachable', 1, 500, 1_000],
    ['GoFlowUnreachable', 2, 1_000, 2_000],
    ['GoFlowTimeout', 3, 2_000, 4_000],
    ['GoFlowRateLimited', 1, 500, 1_000],
    // longer after 5xx
    ['GoFlowServerError', 1, 1_500, 3_000],
    ['GoFlowServerError', 3, 6_000, 12_000],
    // three retries are used up, or no number of them helps
    ['GoFlowUnreachable', 4, 54_000, 60_000],
    ['GoFlowServerError', 1_000, 54_000, 60_000],
    ['GoFlowUnauthorized', 1, 54_000, 60_000],
  ])('after %s number %i is between %i and %i ms', (code, failedAttempts, least, most) => {
    expect([delay(code, failedAttempts, 0), delay(code, failedAttempts, 1)]).toEqual([least, most]);
  });

  test('is bounded while attempts are quick, however many there are', () => {
    const many = { code: 'GoFlowUnreachable', retries: 100, retryAfterMs: undefined } as const;
    expect(retryDelayMs(times, { ...many, failedAttempts: 50 }, 1)).toBe(20_000);
    expect(retryDelayMs(times, { ...many, code: 'GoFlowServerError', failedAttempts: 50 }, 1)).toBe(60_000);
  });

  test.each<[number, number]>([
    [100, 1_000],
    [1_000, 1_000],
    [30_000, 30_000],
    [900_000, 900_000],
    [1e12, 900_000],
    [Infinity, 900_000],
  ])('with a Retry-After of %d ms is %d ms: the larger one, clamped', (retryAfterMs, expected) => {
    expect(delay('GoFlowRateLimited', 1, 1, retryAfterMs)).toBe(expected);
  });

  test('of a slow call obeys a longer Retry-After, too', () => {
    expect(delay('GoFlowServerError', 9, 1, 300_000)).toBe(300_000);
    expect(delay('GoFlowServerError', 9, 1, 5_000)).toBe(60_000);
  });
});

test.each<[FailureCode, number, number, boolean]>([
  ['GoFlowServerError', 1, 3, false],
  ['GoFlowServerError', 3, 3, false],
  ['GoFlowServerError', 4, 3, true],
  ['GoFlowServerError', 5, 5, false],
  ['GoFlowServerError', 1, 0, true],
  ['GoFlowUnauthorized', 1, 5, true],
])('after %s number %i of %i retries the quick attempts are over: %s', (code, failedAttempts, retries, expected) => {
  expect(isSlow(code, failedAttempts, retries)).toBe(expected);
});

describe('retries of one process', () => {
  beforeEach(() => void vi.useFakeTimers({ now: nowMs, toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const retries = { nextJob: 3, setStatus: 3, submitResult: 3, submitReport: 5 };
  const answer = (status: number, retryAfter?: string) => ({
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    body: Buffer.alloc(0),
  });
  const rateLimited = (retryAfter?: string) =>
    ({
      endpoint: 'submitResult',
      code: 'GoFlowRateLimited',
      failedAttempts: 1,
      answer: answer(429, retryAfter),
    }) as const;

  test('pause together after a 429 with Retry-After, and no longer than it says', () => {
    const retry = createGoflowRetry(times, retries);
    expect(retry.pausedForMs()).toBe(0);
    expect(retry.next(rateLimited('120')).delayMs).toBe(120_000);
    expect(retry.pausedForMs()).toBe(120_000);
    vi.setSystemTime(nowMs + 119_999);
    expect(retry.pausedForMs()).toBe(1);
    vi.setSystemTime(nowMs + 120_001);
    expect(retry.pausedForMs()).toBe(0);
  });

  test('take the longest of several pauses, clamped to 15 minutes', () => {
    const retry = createGoflowRetry(times, retries);
    retry.next(rateLimited('300'));
    retry.next(rateLimited('10'));
    expect(retry.pausedForMs()).toBe(300_000);
    retry.next(rateLimited('1000000000'));
    expect(retry.pausedForMs()).toBe(900_000);
  });

  test.each([
    ['a 429 that does not say how long', rateLimited()],
    ['a 429 with garbage', rateLimited('soon')],
    ['a 429 with zero', rateLimited('0')],
    [
      'a 503 with Retry-After, which is about that call only',
      { endpoint: 'setStatus', code: 'GoFlowServerError', failedAttempts: 1, answer: answer(503, '120') },
    ],
    ['a call without an answer', { endpoint: 'setStatus', code: 'GoFlowTimeout', failedAttempts: 1 }],
  ] as const)('do not pause after %s', (_, failure) => {
    const retry = createGoflowRetry(times, retries);
    retry.next(failure);
    expect(retry.pausedForMs()).toBe(0);
  });

  test('obey the Retry-After of a 503 for that call', () => {
    const failure = { endpoint: 'setStatus', code: 'GoFlowServerError', failedAttempts: 1 } as const;
    const retry = createGoflowRetry(times, retries);
    expect(retry.next({ ...failure, answer: answer(503, '120') }).delayMs).toBe(120_000);
  });

  test('know how many quick attempts each call has', () => {
    const retry = createGoflowRetry(times, retries);
    const isSlowAfter = (endpoint: 'submitResult' | 'submitReport', failedAttempts: number) =>
      retry.next({ endpoint, code: 'GoFlowTimeout', failedAttempts }).isSlow;
    expect([3, 4].map((n) => isSlowAfter('submitResult', n))).toEqual([false, true]);
    expect([5, 6].map((n) => isSlowAfter('submitReport', n))).toEqual([false, true]);
  });

  test.each(['GoFlowRefused', 'GoFlowNotFound', 'GoFlowUnprocessable'] as const)(
    'do not call %s slow: it is not tried again',
    (code) => {
      const retry = createGoflowRetry(times, retries);
      expect(retry.next({ endpoint: 'submitResult', code, failedAttempts: 9 }).isSlow).toBe(false);
    },
  );
});
