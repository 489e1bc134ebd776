import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createNextJob } from '../../../../activities/goflow/io/next-job.ts';
import { failures } from '../../../../workflows/shared/failures.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import { buildJob } from '../../../stand-ins/goflow/job.ts';
import type { FaultAction } from '../../../stand-ins/shared/faults.ts';
import { type GoflowStandIn, startGoflowStandIn } from '../../../stand-ins/goflow/stand-in.ts';
import { failureOf, inActivity } from '../../../support/activity.ts';
import { goflowParts, type GoflowPartsOptions } from '../../../support/goflow-parts.ts';

const pollIntervalMs = 10_000;
let goflow: GoflowStandIn;

beforeEach(async () => {
  goflow = await startGoflowStandIn();
  onTestFinished(() => goflow.close());
});

async function poller(options?: GoflowPartsOptions) {
  const parts = await goflowParts(goflow.url, options);
  const { client, rules, retry, metrics, redact, unauthorized } = parts;
  const nextJob = createNextJob({
    ...{ goflow: client, rules, retry, metrics, redact, unauthorized },
    pollIntervalMs: () => pollIntervalMs,
  });
  return { parts, poll: () => inActivity(nextJob), failing: () => failureOf<Failure>(inActivity(nextJob)) };
}

const answers = (status: number, times = 1, headers: Readonly<Record<string, string>> = {}, body: unknown = '') =>
  goflow.faults.add({ endpoint: 'E1', times, action: { kind: 'answer', status, headers, body } });

describe('one poll', () => {
  test('brings the bytes of a job', async () => {
    const job = buildJob({ images: 1, analyses: 1 });
    goflow.enqueue(job);
    const { poll, parts } = await poller();
    expect((await poll()).toString()).toBe(JSON.stringify(job));
    expect(await parts.audited()).toMatchObject([{ endpoint: 'nextJob', method: 'GET', status: 200 }]);
  });

  test.each([404, 204])(
    'of an empty queue (%i) is no error: the next poll comes after the interval',
    async (status) => {
      answers(status);
      const { failing } = await poller();
      const failure = await failing();
      expect(failure).toMatchObject({ code: 'NoJob', retryDelayMs: pollIntervalMs });
      expect(failures[failure.code].retry).toBe('idle');
    },
  );

  test('brings whatever body comes with 200, also none', async () => {
    answers(200);
    const { poll } = await poller();
    expect(await poll()).toHaveLength(0);
  });

  test.each([
    [401, 'GoFlowUnauthorized'],
    [403, 'GoFlowUnauthorized'],
    [400, 'GoFlowRefused'],
    [422, 'GoFlowUnprocessable'],
    [500, 'GoFlowServerError'],
    [429, 'GoFlowRateLimited'],
    [302, 'GoFlowUnexpected'],
    [201, 'GoFlowUnexpected'],
  ] as const)('that ends with %i says %s', async (status, code) => {
    answers(status);
    const { failing } = await poller();
    expect(await failing()).toMatchObject({ code, isFinal: false });
  });
});

describe('errors of E1', () => {
  test('are tried again three times quickly, then at the interval, and no slower (P9)', async () => {
    answers(500, Infinity);
    const { failing } = await poller();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) delays.push((await failing()).retryDelayMs ?? 0);
    expect(delays.slice(0, 3).every((ms) => ms < 2_000)).toBe(true);
    expect(delays.slice(3)).toEqual([pollIntervalMs, pollIntervalMs, pollIntervalMs]);
  });

  test.each([
    ['an answer', () => undefined],
    ['an empty queue', () => answers(404)],
  ])('count from zero again after %s', async (_, heal) => {
    answers(500, 4);
    heal();
    goflow.enqueue(buildJob({ images: 1, analyses: 1 }));
    const { failing, poll } = await poller();
    for (let attempt = 0; attempt < 4; attempt += 1) await failing();
    await poll().catch(() => undefined);
    answers(500);
    expect((await failing()).retryDelayMs).toBeLessThan(2_000);
  });

  test('401 polls at the interval at once, and is said in the security log', async () => {
    const { failing, parts } = await poller({ apiKey: 'a wrong key' });
    expect(await failing()).toMatchObject({ code: 'GoFlowUnauthorized', retryDelayMs: pollIntervalMs });
    expect(parts.log.lines()).toMatchObject([{ security: true, endpoint: 'nextJob' }]);
  });

  test('429 with Retry-After holds back the next polls without asking', async () => {
    answers(429, 1, { 'Retry-After': '120' });
    const { failing } = await poller();
    expect((await failing()).retryDelayMs).toBeGreaterThan(119_000);
    const held = await failing();
    expect(held).toMatchObject({ code: 'GoFlowRateLimited', message: 'held back by Retry-After' });
    expect(held.retryDelayMs).toBeGreaterThan(100_000);
    expect(goflow.calls()).toHaveLength(1);
  });

  test('503 with Retry-After is obeyed', async () => {
    answers(503, 1, { 'Retry-After': '120' });
    const { failing } = await poller();
    expect((await failing()).retryDelayMs).toBe(120_000);
  });

  test.each<FaultAction>([
    { kind: 'reset', phase: 'before' },
    { kind: 'reset', phase: 'mid-body' },
    { kind: 'hang', phase: 'before', ms: 10 },
  ])('of the wire (%j) are tried again', async (action) => {
    goflow.enqueue(buildJob({ images: 1, analyses: 1 }));
    goflow.faults.add({ endpoint: 'E1', action });
    const { failing } = await poller();
    expect(await failing()).toMatchObject({ code: 'GoFlowUnreachable' });
  });

  test('of a GoFlow that is down are tried again', async () => {
    const { failing } = await poller();
    await goflow.down();
    expect(await failing()).toMatchObject({ code: 'GoFlowUnreachable' });
  });

  test('never show the key', async () => {
    answers(500, 1, {}, 'your key canary-key is bad');
    const { failing, parts } = await poller({ apiKey: 'canary-key' });
    expect((await failing()).message).toBe('status 500: your key [redacted] is bad');
    expect(JSON.stringify(await parts.audited())).not.toContain('canary');
  });
});
