import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { SendInput } from '../../../workflows/goflow/contracts/activities.ts';
import { idempotencyKey } from '../../../workflows/goflow/contracts/ids.ts';
import { CancelledFailure } from '@temporalio/activity';
import { Failure } from '../../../activities/shared/failure.ts';
import { toFailure } from '../../../activities/shared/to-failure.ts';
import { buildJob } from '../../stand-ins/goflow/job.ts';
import { type GoflowStandIn, startGoflowStandIn } from '../../stand-ins/goflow/stand-in.ts';
import { failureOf, inActivity, startActivity } from '../../support/activity.ts';
import { goflowParts, type GoflowParts, type GoflowPartsOptions } from '../../support/goflow-parts.ts';

const job = buildJob({ images: 1, analyses: 1 });
const projectId = job.project.id;
const [mediaId = '', analysisId = ''] = [job.media[0]?.id, job.analyses[0]?.id];

const body = JSON.stringify({
  modelUsed: 'a-model',
  userPromptUsed: 'What is it?',
  systemPromptUsed: 'You look at images.',
  status: 'completed',
  analysisResult: { text: 'a room' },
});
const call = { endpoint: 'submitResult', ids: { projectId, mediaId, analysisId }, body, label: 'results' } as const;
const input: SendInput = {
  projectId,
  idempotencyKey: idempotencyKey.result(projectId, mediaId, analysisId, 0, 1),
  mayHaveArrived: false,
};

let goflow: GoflowStandIn;

beforeEach(async () => {
  goflow = await startGoflowStandIn();
  goflow.registerProject(job);
  onTestFinished(() => goflow.close());
});

interface Attempt {
  readonly attempt?: number;
  readonly heartbeatDetails?: unknown;
}

const attemptOf = (parts: GoflowParts, at: Attempt = {}, mayHaveArrived = false) =>
  inActivity(() => parts.send(call, { ...input, mayHaveArrived }), { attempt: 1, ...at });

/** One attempt that fails. */
const failing = (parts: GoflowParts, at: Attempt = {}, mayHaveArrived = false) =>
  failureOf<Failure>(attemptOf(parts, at, mayHaveArrived));

const partsOf = (options?: GoflowPartsOptions) => goflowParts(goflow.url, options);
const results = () => goflow.calls().filter(({ endpoint }) => endpoint === 'E3');

/** Attempts one after another, each with what the one before left, as Temporal makes them. */
async function attempts(parts: GoflowParts, count: number, mayHaveArrived = false): Promise<(Failure | string)[]> {
  const seen: (Failure | string)[] = [];
  for (let attempt = 1; attempt <= count; attempt += 1) {
    const heartbeatDetails = parts.attempts.records.at(-1);
    seen.push(
      await attemptOf(parts, { attempt, heartbeatDetails }, mayHaveArrived).then(
        ({ how }) => how,
        (error: unknown) => error as Failure,
      ),
    );
  }
  return seen;
}

describe('a call that is accepted', () => {
  test('is sent once, with its key and its bytes', async () => {
    const parts = await partsOf();
    expect(await attemptOf(parts)).toEqual({ how: 'accepted', status: 201 });
    expect(results()).toMatchObject([
      {
        idempotencyKey: input.idempotencyKey,
        requestBody: JSON.parse(body) as unknown,
        projectId,
        mediaId,
        analysisId,
      },
    ]);
    expect(parts.attempts.records).toEqual([]);
    expect(goflow.violations().filter((text) => !text.includes('before "processing"'))).toEqual([]);
  });

  test('leaves an audit record without body and key', async () => {
    const parts = await partsOf();
    await attemptOf(parts);
    const [record, ...others] = await parts.audited();
    expect(others).toEqual([]);
    expect(record).toEqual({
      prev: expect.any(String) as string,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      pid: process.pid,
      endpoint: 'submitResult',
      method: 'POST',
      path: `/api/v1/agent/projects/${projectId}/media/${mediaId}/analysis/${analysisId}`,
      projectId,
      mediaId,
      analysisId,
      attempt: 1,
      idempotencyKey: input.idempotencyKey,
      status: 201,
      durationMs: expect.any(Number) as number,
      requestSha256: results()[0]?.requestSha256,
      responseSha256: expect.stringMatching(/^[\da-f]{64}$/) as string,
    });
  });

  test('whose audit record cannot be written is counted', async () => {
    const audit = { record: () => Promise.reject(new Error('ENOSPC')) };
    const parts = await partsOf({ audit });
    await attemptOf(parts).catch(() => undefined);
    expect((await parts.metrics.auditLost.get()).values).toMatchObject([{ labels: { audit: 'goflow' }, value: 1 }]);
  });

  test('again with the same key and bytes is a replay, and counts as accepted', async () => {
    const parts = await partsOf();
    await attemptOf(parts);
    expect(await attemptOf(parts, { attempt: 2 })).toEqual({ how: 'accepted', status: 201 });
    expect(results().map(({ replayed }) => replayed)).toEqual([false, true]);
  });
});

describe('a definite refusal', () => {
  test.each([
    [400, 'GoFlowRefused'],
    [404, 'GoFlowNotFound'],
    [409, 'GoFlowRefused'],
    [422, 'GoFlowUnprocessable'],
    [418, 'GoFlowUnexpected'],
  ] as const)('%i is never tried again with the same body', async (status, code) => {
    goflow.faults.add({
      endpoint: 'E3',
      action: { kind: 'answer', status, body: { detail: 'invalid: no such thing' } },
    });
    const parts = await partsOf();
    const failure = await failing(parts);
    expect(failure).toMatchObject({ code, message: `status ${status}: {"detail":"invalid: no such thing"}` });
    expect(toFailure(failure, 1, parts.redact).nonRetryable).toBe(true);
    expect(parts.news.waiting).not.toHaveBeenCalled();
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'no' }]);
  });

  test('does not hold back a 400 duplicate: nothing of ours was sent before', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 400, body: 'duplicate' } });
    expect(await failing(await partsOf())).toMatchObject({ code: 'GoFlowRefused' });
  });

  test('says what GoFlow said on one line, and not all of it', async () => {
    const text = `first\r\n\tsecond \u0000${'x'.repeat(5_000)}`;
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 400, body: text } });
    const { message } = await failing(await partsOf());
    expect(message).toMatch(/^status 400: first second x+$/);
    expect(message.length).toBeLessThan(330);
  });
});

describe('the state of GoFlow is not the fault of the call', () => {
  test.each([
    [408, 'GoFlowTimeout'],
    [429, 'GoFlowRateLimited'],
    [500, 'GoFlowServerError'],
    [502, 'GoFlowServerError'],
    [503, 'GoFlowServerError'],
  ] as const)('%i is tried again soon', async (status, code) => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status } });
    const parts = await partsOf();
    const failure = await failing(parts);
    expect(failure.code).toBe(code);
    expect(failure.retryDelayMs).toBeLessThanOrEqual(300);
    const labels = { endpoint: 'submitResult', reason: code };
    expect((await parts.metrics.goflowRetries.get()).values).toMatchObject([{ labels, value: 1 }]);
    expect(toFailure(failure, 1, parts.redact).nonRetryable).toBe(false);
    expect(await attemptOf(parts, { attempt: 2 })).toMatchObject({ how: 'accepted' });
  });

  test('5xx waits longer than a broken connection', async () => {
    const parts = await partsOf();
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 500 } });
    const serverError = await failing(parts);
    await goflow.down();
    const refused = await failing(parts);
    expect(serverError.retryDelayMs).toBeGreaterThanOrEqual(150);
    expect(refused.retryDelayMs).toBeLessThanOrEqual(100);
  });

  test('401 is slow at once, said in the security log and counted', async () => {
    const parts = await goflowParts(goflow.url, { apiKey: 'a wrong key' });
    const failure = await failing(parts);
    expect(failure.code).toBe('GoFlowUnauthorized');
    expect(failure.retryDelayMs).toBeGreaterThanOrEqual(54_000);
    expect(parts.log.lines()).toMatchObject([{ level: 'error', security: true, endpoint: 'submitResult' }]);
    expect((await parts.metrics.goflowUnauthorized.get()).values).toMatchObject([{ value: 1 }]);
    expect(parts.news.waiting).toHaveBeenCalledOnce();
  });

  test('503 with Retry-After is obeyed by this call only', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 503, headers: { 'Retry-After': '120' } } });
    const parts = await partsOf();
    expect((await failing(parts)).retryDelayMs).toBe(120_000);
    expect(await attemptOf(parts, { attempt: 2 })).toMatchObject({ how: 'accepted' });
  });

  test.each(['0', '-1', 'soon', '1e9'])('Retry-After: %s is ignored', async (value) => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 429, headers: { 'Retry-After': value } } });
    const parts = await partsOf();
    expect((await failing(parts)).retryDelayMs).toBeLessThanOrEqual(100);
    expect(parts.retry.pausedForMs()).toBe(0);
  });

  test('an absurd Retry-After is clamped to 15 minutes', async () => {
    const headers = { 'Retry-After': '1000000000' };
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 503, headers } });
    expect((await failing(await partsOf())).retryDelayMs).toBe(900_000);
  });

  test('429 with Retry-After makes all calls of the process wait, without asking GoFlow', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 429, headers: { 'Retry-After': '120' } } });
    const parts = await partsOf();
    expect((await failing(parts)).retryDelayMs).toBe(120_000);
    const other = { endpoint: 'setStatus', ids: { projectId }, body: '{"status":"processing"}', label: 'processing' };
    const held = await failureOf<Failure>(
      inActivity(() =>
        parts.send({ ...other, endpoint: 'setStatus' }, { ...input, idempotencyKey: `${projectId}:processing` }),
      ),
    );
    expect(held).toMatchObject({ code: 'GoFlowRateLimited', message: 'held back by Retry-After' });
    expect(held.retryDelayMs).toBeGreaterThan(100_000);
    expect(held.retryDelayMs).toBeLessThanOrEqual(120_000);
    expect(goflow.calls()).toHaveLength(1);
    expect(parts.attempts.records.at(-1)).toMatchObject({ doubt: 'no' });
  });
});

describe('whether an attempt may have arrived', () => {
  test('is no when the connection was refused', async () => {
    const parts = await partsOf();
    await goflow.down();
    expect(await failing(parts)).toMatchObject({ code: 'GoFlowUnreachable' });
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'no' }]);
  });

  test('is no when nobody knows the host', async () => {
    const parts = await goflowParts('http://goflow.invalid');
    expect(await failing(parts)).toMatchObject({ code: 'GoFlowUnreachable' });
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'no' }]);
  });

  test.each([
    ['a reset before', { kind: 'reset', phase: 'before' }],
    ['a reset after the commit', { kind: 'reset', phase: 'after-commit' }],
    ['a reset in the answer', { kind: 'reset', phase: 'mid-body' }],
    ['a 504 of a gateway', { kind: 'answer', status: 504 }],
    ['a connection that is closed without an answer', { kind: 'hang', phase: 'after-commit', ms: 10 }],
  ] as const)('is yes after %s', async (_, action) => {
    goflow.faults.add({ endpoint: 'E3', action });
    const parts = await partsOf();
    const { code } = await failing(parts);
    expect(['GoFlowUnreachable', 'GoFlowServerError', 'GoFlowTimeout']).toContain(code);
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'unanswered' }]);
  });

  test.each([
    ['an answer 500 after the commit', { kind: 'answer-after-commit', status: 500 }],
    ['a 408', { kind: 'answer', status: 408 }],
  ] as const)('is yes after %s, although GoFlow did answer', async (_, action) => {
    goflow.faults.add({ endpoint: 'E3', action });
    const parts = await partsOf();
    await failing(parts);
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'failed' }]);
  });

  test('is yes after a timeout', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'hang', phase: 'after-commit' } });
    const parts = await partsOf({ callTimeoutMs: 100 });
    expect(await failing(parts)).toMatchObject({ code: 'GoFlowTimeout', message: 'no whole answer after 100 ms' });
    expect(parts.attempts.records).toEqual([{ attempt: 1, doubt: 'unanswered' }]);
  });

  test('stays yes over attempts that surely did not arrive', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'reset', phase: 'after-commit' } });
    const parts = await partsOf();
    await failing(parts);
    await goflow.down();
    const heartbeatDetails = parts.attempts.records.at(-1);
    expect(await failing(parts, { attempt: 2, heartbeatDetails })).toMatchObject({ code: 'GoFlowUnreachable' });
    expect(parts.attempts.records.at(-1)).toEqual({ attempt: 2, doubt: 'unanswered' });
  });
});

describe('a duplicate (D3)', () => {
  const duplicate = () =>
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 400, body: { detail: 'duplicate' } } });

  test('after an answer that was lost is success', async () => {
    const parts = await partsOf();
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'reset', phase: 'after-commit' } });
    duplicate();
    expect(await attempts(parts, 2)).toEqual([expect.any(Failure), 'already']);
  });

  test('after attempts that surely did not arrive is a refusal', async () => {
    const parts = await partsOf();
    await goflow.down();
    await failing(parts);
    await goflow.up();
    duplicate();
    const heartbeatDetails = parts.attempts.records.at(-1);
    expect(await failing(parts, { attempt: 2, heartbeatDetails })).toMatchObject({ code: 'GoFlowRefused' });
  });

  test('of what an earlier run may have sent is success at the first attempt', async () => {
    duplicate();
    expect(await attemptOf(await partsOf(), {}, true)).toEqual({ how: 'already', status: 400 });
  });

  test.each([
    ['no record', undefined],
    ['a record of nobody', 'garbage'],
    ['a record of an attempt before that one', { attempt: 1, doubt: 'no' }],
    ['a record that says yes', { attempt: 2, doubt: 'unanswered' }],
  ])('in attempt 3 with %s is success: the one before may have arrived', async (_, heartbeatDetails) => {
    duplicate();
    const parts = await partsOf();
    expect(await attemptOf(parts, { attempt: 3, heartbeatDetails })).toMatchObject({ how: 'already' });
  });

  test('in attempt 3 after a record that says no is a refusal', async () => {
    duplicate();
    const heartbeatDetails = { attempt: 2, doubt: 'no' };
    expect(await failing(await partsOf(), { attempt: 3, heartbeatDetails })).toMatchObject({ code: 'GoFlowRefused' });
  });

  test('of an upstream that knows no keys is success after an answer that was lost', async () => {
    const keyless = await startGoflowStandIn({ honoursKeys: false });
    onTestFinished(() => keyless.close());
    keyless.registerProject(job);
    keyless.faults.add({ endpoint: 'E3', action: { kind: 'reset', phase: 'after-commit' } });
    const parts = await goflowParts(keyless.url);
    expect(await attempts(parts, 2)).toEqual([expect.any(Failure), 'already']);
  });
});

describe('while GoFlow keeps a call waiting', () => {
  test('four quick attempts of E3 are followed by one a minute', async () => {
    goflow.faults.add({ endpoint: 'E3', times: 5, action: { kind: 'answer', status: 503 } });
    const parts = await partsOf();
    const failures = (await attempts(parts, 5)) as Failure[];
    expect(failures.map(({ retryDelayMs = 0 }) => retryDelayMs >= 54_000)).toEqual([false, false, false, true, true]);
    expect(results()).toHaveLength(5);
  });

  test('the project is told after the quick attempts, since when and why', async () => {
    const before = Date.now();
    goflow.faults.add({ endpoint: 'E3', times: Infinity, action: { kind: 'answer', status: 503, body: 'busy' } });
    const parts = await partsOf();
    await attempts(parts, 3);
    expect(parts.news.waiting).not.toHaveBeenCalled();
    await attemptOf(parts, { attempt: 4, heartbeatDetails: parts.attempts.records.at(-1) }).catch(() => undefined);
    expect(parts.news.waiting).toHaveBeenCalledExactlyOnceWith(projectId, {
      sinceMs: expect.any(Number) as number,
      call: 'results',
      reason: 'GoFlowServerError: status 503: busy',
    });
    const record = parts.attempts.records.at(-1) as { waitingSinceMs: number };
    expect(record.waitingSinceMs).toBeGreaterThanOrEqual(before);
    expect(record.waitingSinceMs).toBeLessThanOrEqual(Date.now());
  });

  test('it goes on counting from the first moment', async () => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 503 } });
    const parts = await partsOf();
    const heartbeatDetails = { attempt: 8, doubt: 'unanswered', waitingSinceMs: 12_345 };
    await failing(parts, { attempt: 9, heartbeatDetails });
    expect(parts.news.waiting).toHaveBeenCalledWith(projectId, expect.objectContaining({ sinceMs: 12_345 }));
    expect(parts.attempts.records.at(-1)).toMatchObject({ attempt: 9, waitingSinceMs: 12_345 });
  });

  test('the project is told when it is over, and only then', async () => {
    const parts = await partsOf();
    const heartbeatDetails = { attempt: 8, doubt: 'no', waitingSinceMs: 12_345 };
    await attemptOf(parts, { attempt: 9, heartbeatDetails });
    expect(parts.news.reachable).toHaveBeenCalledExactlyOnceWith(projectId);
  });

  test('an accepted call that never waited tells nothing', async () => {
    const parts = await partsOf();
    await attemptOf(parts);
    expect(parts.news.reachable).not.toHaveBeenCalled();
  });
});

describe('a process that stood still', () => {
  test('does not send what the server has given to somebody else', async () => {
    const parts = await partsOf({ hasStalled: true, record: 'stale' });
    expect(await failing(parts)).toMatchObject({ code: 'SendDeadlinePassed' });
    expect(goflow.calls()).toEqual([]);
  });

  test('asks before it sends, and sends when the attempt is still its own', async () => {
    const parts = await partsOf({ hasStalled: true });
    expect(await attemptOf(parts, { attempt: 2 })).toMatchObject({ how: 'accepted' });
    expect(parts.attempts.records).toEqual([{ attempt: 2, doubt: 'unanswered' }]);
  });
});

describe('a cancellation', () => {
  test.each(['before', 'after-commit'] as const)('reaches the socket of a call that hangs %s', async (phase) => {
    goflow.faults.add({ endpoint: 'E3', action: { kind: 'hang', phase } });
    const parts = await partsOf({ callTimeoutMs: 60_000 });
    const run = startActivity(() => parts.send(call, input));
    await goflow.waitFor(() => results().length === 1);
    run.cancel();
    expect(await failureOf(run.result)).toBeInstanceOf(CancelledFailure);
    // the stand-in notices that the client has left
    await goflow.waitFor(() => results()[0]?.durationMs !== undefined, { timeoutMs: 2_000 });
    expect(await parts.audited()).toMatchObject([{ status: 0, error: 'cancelled' }]);
  });

  test('before the call is sent keeps it from being sent', async () => {
    const parts = await partsOf();
    const run = startActivity(async () => {
      await Promise.resolve();
      run.cancel();
      return parts.send(call, input);
    });
    expect(await failureOf(run.result)).toBeInstanceOf(CancelledFailure);
    expect(goflow.calls()).toEqual([]);
  });
});

test('an attempt beats while it waits, and says that it may have arrived', async () => {
  goflow.faults.add({ endpoint: 'E3', action: { kind: 'hang', phase: 'before' } });
  const parts = await partsOf({ callTimeoutMs: 1_300 });
  const run = startActivity(() => parts.send(call, input), { attempt: 3 });
  await failureOf(run.result);
  // one while it waited, one with the outcome
  expect(run.heartbeats).toEqual([
    { attempt: 3, doubt: 'unanswered' },
    { attempt: 3, doubt: 'unanswered' },
  ]);
});

describe('the key', () => {
  test.each([
    ['as it is', (key: string) => `your key ${key} is bad`],
    ['in JSON', (key: string) => ({ detail: { key } })],
    ['in a URL', (key: string) => `https://x/?key=${encodeURIComponent(key)}`],
  ])('that GoFlow echoes %s is seen nowhere', async (_, echo) => {
    const apiKey = 'canary "key" with/all&kinds=of characters';
    for (const status of [400, 401, 503])
      goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status, body: echo(apiKey) } });
    const parts = await goflowParts(goflow.url, { apiKey });
    const failures = await attempts(parts, 3);
    const seen = [
      ...failures.map((failure) => JSON.stringify(toFailure(failure, 1, parts.redact).message)),
      JSON.stringify(parts.attempts.records),
      JSON.stringify((parts.news.waiting as unknown as { mock: { calls: unknown } }).mock.calls),
      JSON.stringify(await parts.audited()),
      parts.log.text(),
    ].join('\n');
    expect(seen).toContain('[redacted]');
    expect(seen).not.toContain('canary');
  });
});
