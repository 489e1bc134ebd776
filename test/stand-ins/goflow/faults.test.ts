import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../shared/faults.ts';
import { buildJob } from './job.ts';
import { startGoflowStandIn, type GoflowStandIn } from './stand-in.ts';
import { clientOf } from './test-client.ts';

const job = buildJob({ images: 2, analyses: 2 });
let standIn: GoflowStandIn;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  standIn = await startGoflowStandIn();
  standIn.registerProject(job);
  client = clientOf(standIn, job);
});
afterEach(() => standIn.close());

const lastCall = () => standIn.waitFor(() => standIn.calls().find(({ durationMs }) => durationMs !== undefined));

describe('each kind of fault', () => {
  it('answer: the call is not processed', async () => {
    const headers = { 'Retry-After': '7' };
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'answer', status: 503, body: 'busy', headers } });
    const reply = await client.status('processing');
    expect([reply.status, reply.body, reply.headers.get('Retry-After')]).toEqual([503, 'busy', '7']);
    expect(await lastCall()).toMatchObject({ fault: 'answer 503', status: 503, committed: false, delivered: true });
    expect((await client.status('processing')).headers.has('Idempotent-Replayed')).toBe(false);
  });

  it('answer-after-commit: the call is processed and lied about', async () => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'answer-after-commit', status: 500 } });
    expect((await client.status('processing')).status).toBe(500);
    expect(await lastCall()).toMatchObject({ status: 500, committed: true, delivered: true });
    expect((await client.status('processing')).headers.get('Idempotent-Replayed')).toBe('true');
  });

  it.each([
    ['before', false, undefined],
    ['after-commit', true, undefined],
    ['mid-body', true, 200],
  ] as const)('reset %s: the client meets a broken connection', async (phase, committed, status) => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'reset', phase } });
    await expect(client.status('processing')).rejects.toThrow();
    expect(await lastCall()).toMatchObject({ fault: `reset ${phase}`, status, committed, delivered: false });
  });

  it.each([
    ['before', false],
    ['after-commit', true],
  ] as const)('hang %s: silence until the client leaves', async (phase, committed) => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'hang', phase } });
    await expect(client.status('processing', { signal: AbortSignal.timeout(300) })).rejects.toThrow(/timeout/);
    expect(await lastCall()).toMatchObject({ status: undefined, committed, delivered: false });
  });

  it('hang with ms: the connection is closed without an answer', async () => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'hang', phase: 'before', ms: 50 } });
    await expect(client.status('processing')).rejects.toThrow();
    expect((await lastCall()).durationMs).toBeGreaterThanOrEqual(49);
  });

  it('delay: the call is processed late, also when the client has given up', async () => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'delay', ms: 600 } });
    await expect(client.status('processing', { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    expect(standIn.project(job.project.id)?.processing).toBe(false);
    expect(await lastCall()).toMatchObject({ committed: true, delivered: false });
  });

  it('truncate: complete HTTP, broken JSON', async () => {
    standIn.enqueue(job);
    standIn.faults.add({ endpoint: 'E1', action: { kind: 'truncate' } });
    const { status, body } = await client.nextJob();
    const whole = JSON.stringify(job);
    expect([status, body]).toEqual([200, whole.slice(0, Math.floor(whole.length / 2))]);
    expect(await lastCall()).toMatchObject({ committed: true, delivered: true });
  });

  it('drip: the whole answer, slowly', async () => {
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'drip', bytesPerSecond: 200 } });
    const startedMs = performance.now();
    expect(await client.status('processing')).toMatchObject({ status: 200, body: { status: 'processing' } });
    expect(performance.now() - startedMs).toBeGreaterThan(250);
  });
});

describe('which call is hit', () => {
  const answer = (status: number) => ({ kind: 'answer', status }) as const;

  it('is said by endpoint, ids, E2 status and path', async () => {
    const [mediaId = '', analysisId = ''] = [job.media[1]?.id, job.analyses[0]?.id];
    standIn.faults.add({ endpoint: 'E2', match: { status: 'completed' }, times: Infinity, action: answer(501) });
    standIn.faults.add({ endpoint: 'E3', match: { mediaId, analysisId }, times: Infinity, action: answer(502) });
    standIn.faults.add({ endpoint: 'any', match: { pathIncludes: '/media/x' }, times: Infinity, action: answer(503) });
    const statuses = [
      (await client.status('processing')).status,
      (await client.result(0, 0)).status,
      (await client.result(1, 0)).status,
      (await client.status('completed')).status,
      (await fetch(`${standIn.url}/media/x.jpg`)).status,
    ];
    expect(statuses).toEqual([200, 201, 502, 501, 503]);
  });

  it('is counted by skip and times; the first rule that applies is used', async () => {
    standIn.faults.add({ endpoint: 'E1', skip: 1, times: 2, action: answer(500) });
    standIn.faults.add({ endpoint: 'E1', skip: 1, action: answer(429) });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call += 1) statuses.push((await client.nextJob()).status);
    expect(statuses).toEqual([404, 500, 500, 429, 404, 404]);
  });

  it('is bounded in time by forMs', () => {
    let nowMs = 0;
    const faults = createFaults<'E1', never>(1, () => nowMs);
    const take = () => faults.take({ endpoint: 'E1', path: '/', ids: {} });
    faults.add({ endpoint: 'E1', forMs: 100, action: answer(500) });
    expect([take(), take()]).toEqual([answer(500), answer(500)]);
    nowMs = 100;
    expect(take()).toBeUndefined();
  });

  it('is drawn by share, the same calls for the same seed', async () => {
    const draw = async (faultSeed: number): Promise<number[]> => {
      const other = await startGoflowStandIn({ faultSeed });
      other.faults.add({ endpoint: 'E1', share: 0.3, action: answer(500) });
      const statuses: number[] = [];
      for (let call = 0; call < 100; call += 1) statuses.push((await clientOf(other).nextJob()).status);
      await other.close();
      return statuses;
    };
    const [first, same, another] = [await draw(1), await draw(1), await draw(2)];
    expect(first).toEqual(same);
    expect(first).not.toEqual(another);
    const hits = first.filter((status) => status === 500).length;
    expect(hits).toBeGreaterThan(15);
    expect(hits).toBeLessThan(45);
  });

  it('is none after clear', async () => {
    standIn.faults.add({ endpoint: 'any', times: Infinity, action: answer(500) });
    standIn.faults.clear();
    expect((await client.nextJob()).status).toBe(404);
  });
});
