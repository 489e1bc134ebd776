import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildJob } from './job.ts';
import { startGoflowStandIn, type GoflowStandIn } from './stand-in.ts';
import { clientOf } from './test-client.ts';

const job = buildJob({ images: 1, analyses: 1 });
let folder: string;
let standIn: GoflowStandIn;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goflow-stand-in-'));
  standIn = await startGoflowStandIn({ logFile: join(folder, 'calls.jsonl') });
});
afterEach(async () => {
  await standIn.close();
  await rm(folder, { recursive: true });
});

async function control(method: string, name: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${standIn.url}/_stand-in/${name}`, init);
  return { status: response.status, body: await response.json() };
}

describe('control over HTTP', () => {
  it('enqueues a raw job and shows calls, ledger, violations, downloads and health', async () => {
    expect(await control('POST', 'jobs?expectComplete=false', JSON.stringify(job))).toEqual({
      status: 200,
      body: { queued: 1 },
    });
    const client = clientOf(standIn, job);
    await client.nextJob();
    await client.status('processing');
    await client.status('completed');
    await client.report({ key: undefined });
    expect((await control('GET', 'calls')).body).toHaveLength(4);
    expect((await control('GET', 'ledger')).body).toMatchObject({
      projects: { [job.project.id]: { expectComplete: false, completed: { status: 200 } } },
    });
    expect((await control('GET', 'violations')).body).toEqual([expect.stringContaining('no Idempotency-Key')]);
    expect((await control('GET', 'downloads')).body).toEqual({});
    expect((await control('GET', 'health')).body).toEqual({ name: 'goflow-stand-in', status: 'ok', queued: 0 });
  });

  it('adds one rule or several, and clears them', async () => {
    const rule = { endpoint: 'E1', times: 'Infinity', action: { kind: 'answer', status: 500 } };
    expect(await control('POST', 'faults', [rule, { ...rule, endpoint: 'E2' }])).toMatchObject({ body: { added: 2 } });
    expect((await clientOf(standIn).nextJob()).status).toBe(500);
    await control('DELETE', 'faults');
    expect((await clientOf(standIn).nextJob()).status).toBe(404);
  });

  it('refuses a rule it does not understand, and names the field', async () => {
    const reply = await control('POST', 'faults', { endpoint: 'E9', action: { kind: 'reset', phase: 'never' } });
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toMatch(/endpoint.*phase/);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });
});

describe('going down', () => {
  it('refuses connections until it is up again, on the same port, with all it held', async () => {
    const client = clientOf(standIn, job);
    standIn.registerProject(job);
    await client.status('processing');
    await standIn.down();
    await expect(client.nextJob()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await standIn.up();
    expect((await client.status('processing')).headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('breaks open calls and never processes them', async () => {
    standIn.registerProject(job);
    standIn.faults.add({ endpoint: 'E2', action: { kind: 'delay', ms: 60_000 } });
    standIn.faults.add({ endpoint: 'E1', action: { kind: 'hang', phase: 'before' } });
    const client = clientOf(standIn, job);
    const broken = [expect(client.status('processing')).rejects.toThrow(), expect(client.nextJob()).rejects.toThrow()];
    await standIn.waitFor(() => standIn.calls().length === 2);
    await standIn.down();
    await Promise.all(broken);
    expect(standIn.calls().map(({ committed, delivered }) => [committed, delivered])).toEqual([
      [false, false],
      [false, false],
    ]);
    await standIn.up();
  });
});

it('writes one line of JSON per ended call', async () => {
  const client = clientOf(standIn, job);
  standIn.registerProject(job);
  standIn.faults.add({ endpoint: 'E2', action: { kind: 'reset', phase: 'after-commit' } });
  await client.nextJob();
  await client.status('processing').catch(() => undefined);
  await standIn.close();
  const lines = (await readFile(join(folder, 'calls.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { number: 1, endpoint: 'E1', status: 404, delivered: true },
    {
      number: 2,
      endpoint: 'E2',
      idempotencyKey: `${job.project.id}:processing`,
      requestBody: { status: 'processing' },
      committed: true,
      delivered: false,
    },
  ]);
});

it('keeps the calls of unknown paths and answers them with 404', async () => {
  expect((await clientOf(standIn).send('DELETE', '/api/v1/agent/next-job')).status).toBe(404);
  expect(standIn.calls()).toMatchObject([{ endpoint: 'unknown', method: 'DELETE', status: 404 }]);
});

it('says what it has seen when a wait is in vain', async () => {
  await clientOf(standIn).nextJob();
  const wait = standIn.waitFor(() => false, { timeoutMs: 30, what: 'a miracle' });
  await expect(wait).rejects.toThrow(/30 ms in vain for a miracle.*"E1 404":1/);
});

it('runs by hand, demands the key of the environment and ends on SIGTERM', { timeout: 20_000 }, async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const args = ['--port', '0', '--api-key-env', 'TEST_KEY', '--images', '2', '--analyses', '3', '--jobs', '2'];
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env: { ...process.env, TEST_KEY: 'from-env' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const url = /^ready goflow-stand-in (http:\S+)$/.exec(line)?.[1] ?? '';
    const next = (key: string) => fetch(`${url}/api/v1/agent/next-job`, { headers: { 'X-API-Key': key } });
    expect((await next('other')).status).toBe(401);
    const handedOut = (await (await next('from-env')).json()) as ReturnType<typeof buildJob>;
    expect([handedOut.media.length, handedOut.analyses.length]).toEqual([2, 3]);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
});
