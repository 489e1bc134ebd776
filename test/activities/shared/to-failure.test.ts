import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { asActivity } from '../../../activities/shared/activity.ts';
import { Failure } from '../../../activities/shared/failure.ts';
import { toFailure } from '../../../activities/shared/to-failure.ts';
import { createRedact } from '../../../config/redact.ts';
import { failures, type FailureCode } from '../../../workflows/shared/failures.ts';
import { failureOf, inActivity } from '../../support/activity.ts';
import { recordingLog } from '../../support/recording-log.ts';

const plain = createRedact([]);
const codes = Object.keys(failures) as FailureCode[];

describe('every failure of the catalogue', () => {
  test.each(codes)('%s becomes an ApplicationFailure with an explicit delay', (code) => {
    const failure = toFailure(new Failure(code, 'what happened'), 1, plain);
    const { retry } = failures[code];
    expect(failure).toMatchObject({ type: code, message: 'what happened' });
    expect(failure.nonRetryable).toBe(retry === 'never' || retry === 'elsewhere');
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(1);
    expect(failure.category === ApplicationFailureCategory.BENIGN).toBe(retry === 'idle');
  });
});

test.each([
  [undefined, 1_000],
  [0, 1],
  [-5, 1],
  [0.2, 1],
  [1_234.5, 1_235],
  [900_000, 900_000],
])('a delay of %j ms becomes %d ms: the server takes 0 for the longest', (retryDelayMs, expected) => {
  const options = retryDelayMs === undefined ? {} : { retryDelayMs };
  expect(toFailure(new Failure('GoFlowTimeout', 'x', options), 1, plain).nextRetryDelay).toBe(expected);
});

test('what is final is not tried again', () => {
  expect(toFailure(new Failure('VisionFailed', 'x', { isFinal: true }), 1, plain).nonRetryable).toBe(true);
});

test('a message is cut and holds no secret, nor do the details', () => {
  const redact = createRedact(['canary']);
  const details = { verdicts: { structural: 'failed' }, text: ['the canary sings'] };
  const failure = toFailure(new Failure('QaRejected', `canary ${'x'.repeat(5_000)}`, { details }), 1, redact);
  expect(failure.message).toBe(`[redacted] ${'x'.repeat(989)}`);
  expect(failure.details).toEqual([{ verdicts: { structural: 'failed' }, text: ['the [redacted] sings'] }]);
});

describe('an unexpected error', () => {
  test.each([
    [new RangeError('out of range'), 'RangeError: out of range'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [{ some: 'object' }, '[object Object]'],
  ])('%s is Internal', (error, message) => {
    expect(toFailure(error, 1, plain)).toMatchObject({ type: 'Internal', message, nonRetryable: false });
  });

  test('is worth five attempts, each after a longer while', () => {
    const attempts = [1, 2, 3, 4, 5, 6].map((attempt) => toFailure(new Error('x'), attempt, plain));
    expect(attempts.map(({ nonRetryable }) => nonRetryable)).toEqual([false, false, false, false, true, true]);
    const delays = [2_000, 4_000, 6_000, 8_000, 10_000, 12_000];
    expect(attempts).toMatchObject(delays.map((nextRetryDelay) => ({ nextRetryDelay })));
  });
});

describe('an activity', () => {
  const run = (work: () => Promise<unknown>, secrets: readonly string[] = []) => {
    const redact = createRedact(secrets);
    const recorded = recordingLog(redact);
    const activity = asActivity({ log: recorded.log, redact }, work);
    const info = { activityType: 'analyze', activityId: 'analyze.m.a.1', attempt: 3 };
    return { recorded, result: inActivity(() => activity(undefined), info) };
  };

  test('gives back what its work gives, and logs nothing', async () => {
    const { recorded, result } = run(async () => 7);
    expect(await result).toBe(7);
    expect(recorded.lines()).toEqual([]);
  });

  test.each<[FailureCode, string]>([
    ['NoJob', 'debug'],
    ['GoFlowTimeout', 'warn'],
    ['QaRejected', 'warn'],
    ['Internal', 'error'],
  ])('that fails with %s leaves it as such, once logged as %s', async (code, level) => {
    const { recorded, result } = run(() => Promise.reject(new Failure(code, 'why')));
    expect(await failureOf(result)).toMatchObject({ name: 'ApplicationFailure', type: code, message: 'why' });
    expect(recorded.lines()).toMatchObject([
      { level, msg: 'why', code, activity: 'analyze', activityId: 'analyze.m.a.1', attempt: 3, workflowId: 'test' },
    ]);
  });

  test('that meets a bug logs where it was, without secrets', async () => {
    const { recorded, result } = run(() => Promise.reject(new TypeError('canary is not a function')), ['canary']);
    expect(await failureOf(result)).toMatchObject({ message: 'TypeError: [redacted] is not a function' });
    expect(recorded.text()).toContain('to-failure.test.ts');
    expect(recorded.text()).not.toContain('canary');
  });

  test('that was cancelled says no more than that', async () => {
    const cancelled = new CancelledFailure('cancelled');
    const { recorded, result } = run(() => Promise.reject(cancelled));
    expect(await failureOf(result)).toBe(cancelled);
    expect(recorded.lines()).toEqual([]);
  });

  test('hands over an ApplicationFailure of a bug as Internal, never as a code of its own', async () => {
    const { result } = run(() => Promise.reject(ApplicationFailure.nonRetryable('x', 'Strange')));
    expect(await failureOf(result)).toMatchObject({ type: 'Internal' });
  });
});
