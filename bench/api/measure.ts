import { Client, Connection } from '@temporalio/client';
import { SignJWT } from 'jose';
import pLimit from 'p-limit';
import { buildJob, type Job } from '../../test/stand-ins/goflow/job.ts';
import { freePort } from '../../tools/temporal/dev-server.ts';
import { compiled } from '../../tools/local/compiled.ts';
import type { StartedProcess } from '../../tools/local/processes.ts';
import { type BenchSite, cpuMs, openBenchSite, urlOf } from '../site.ts';

export interface ApiScenario {
  readonly finished: number;
  readonly running: number;
  readonly requests: number;
  /** How long the running projects are watched, seconds. */
  readonly watchSeconds: number;
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface ApiResult {
  /** `GET /health/live`, which asks nobody: what this machine adds to each of the others. */
  readonly floor: Percentiles;
  /** `GET /api/v1/projects`, its first page, again and again as dashboards do. */
  readonly list: Percentiles;
  /** The same when nobody has just asked: each request names a time of its own. */
  readonly listAnew: Percentiles;
  /** `GET /api/v1/projects/{id}` of finished projects, each another. */
  readonly showFinished: Percentiles;
  readonly showRunning: Percentiles;
  /** Of one core, by the API's process, while it streams the progress of all running projects. */
  readonly watchCoreShare: number;
  /** What came over these streams. */
  readonly watchEvents: number;
}

const secret = 'the key of this benchmark, 32 bytes and more';
/** So many run, and GoFlow is not asked all the time beside them. */
const intake = { maxConcurrentProjects: 200, maxOpenProjects: 200, pollIntervalSeconds: 2 };
const submittedAtOnce = 12;
/** What one caller may do in a minute, and watch at once: see config/api_endpoints.yaml. */
const perCaller = { requests: 90, streams: 5 };

/** The API over many projects: one request after the other, then one stream per running project. */
export async function benchApi(scenario: ApiScenario, say: (line: string) => void): Promise<ApiResult> {
  const site = await openBenchSite();
  const connection = await Connection.connect({ address: site.temporalAddress });
  try {
    const client = new Client({ connection });
    const maker = await work(site, 'quick', { slots: 32, latencyMs: 0 });
    const finished = await submit(site, scenario.finished);
    const count = async (status: string) =>
      (await client.workflow.count(`WorkflowType = 'goflowProject' AND ExecutionStatus = '${status}'`)).count;
    await until(async () => (await count('Completed')) >= scenario.finished);
    maker.kill('SIGTERM');
    await maker.ended;
    say(`${scenario.finished} projects are finished`);

    await work(site, 'slow', { slots: 8, latencyMs: 4_000 });
    const running = await enqueue(site, scenario.running);
    await until(async () => (await count('Running')) >= scenario.running);
    say(`${scenario.running} projects run`);

    const api = await startApi(site, 'viewer');
    // what is loaded and compiled at a first request is not what users wait for
    for (let warm = 0; warm < 20; warm += 1) await api.get('/api/v1/projects');
    const paths = (ids: readonly string[]) =>
      Array.from({ length: scenario.requests }, (_, index) => `/api/v1/projects/${ids[index % ids.length] ?? ''}`);
    const same = (path: string) => Array.from({ length: scenario.requests }, () => path);
    // all of them are later than these times
    const anew = same('/api/v1/projects').map((path, index) => `${path}?since=${new Date(index).toISOString()}`);
    return {
      floor: await latencies(same('/health/live'), api.get),
      list: await latencies(same('/api/v1/projects'), api.get),
      listAnew: await latencies(anew, api.get),
      showFinished: await latencies(paths(finished), api.get),
      showRunning: await latencies(paths(running), api.get),
      ...(await watch(api, running, scenario.watchSeconds)),
    };
  } finally {
    await connection.close();
    await site.close();
  }
}

async function work(site: BenchSite, name: string, { slots, latencyMs }: { slots: number; latencyMs: number }) {
  const args = ['--port', '0', '--slots', String(slots), '--latency-ms', String(latencyMs)];
  const vision = await site.start('test/stand-ins/vision/main.ts', args);
  const env = { GF25_GPU_HOST: name, GF25_LANES: String(slots), GF25_VISION_URL: urlOf(vision) };
  const environment = await site.environment(name, { intake });
  return site.start(compiled('workers/main.ts'), ['all'], { ...environment, ...env });
}

const jobs = (count: number, size: { images: number; analyses: number }): Job[] =>
  Array.from({ length: count }, (_, index) => buildJob({ ...size, seed: `${size.images} ${index}` }));

const idsOf = (all: readonly Job[]) => all.map(({ project }) => project.id);

/** Small projects through an API of their own: the queue hands out one job after the other. Resolves with their ids. */
async function submit(site: BenchSite, count: number): Promise<string[]> {
  const api = await startApi(site, 'operator');
  const limit = pLimit(submittedAtOnce);
  const all = jobs(count, { images: 1, analyses: 1 });
  await limit.map(all, async (job) => {
    await site.register(job);
    await api.post('/api/v1/projects', job);
  });
  api.process.kill('SIGTERM');
  await api.process.ended;
  return idsOf(all);
}

/** Resolves with the projects' ids. */
async function enqueue(site: BenchSite, count: number): Promise<string[]> {
  const all = jobs(count, { images: 6, analyses: 25 });
  for (const job of all) await site.enqueue(job);
  return idsOf(all);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 500));
}

interface Init extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>;
}

interface Api {
  readonly process: StartedProcess;
  /** Resolves with the body; throws unless it is done. */
  readonly get: (path: string) => Promise<string>;
  readonly post: (path: string, body: unknown) => Promise<string>;
  /** Resolves with the number of events once the signal is aborted. */
  readonly stream: (path: string, caller: number, signal: AbortSignal) => Promise<number>;
}

async function startApi(site: BenchSite, role: 'viewer' | 'operator'): Promise<Api> {
  const port = await freePort();
  const env = { ...(await site.environment('api')), GF25_API_PORT: String(port), GF25_JWT_SECRET: secret };
  const started = await site.start(compiled('client/http/server.ts'), [], env);
  const tokens = new Map<string, string>();
  const open = async (path: string, caller: string, init: Init = {}) => {
    const token = tokens.get(caller) ?? (await tokenOf(caller, role));
    tokens.set(caller, token);
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  let requests = 0;
  const nextCaller = () => `caller ${Math.floor(requests++ / perCaller.requests)}`;
  return {
    process: started,
    get: async (path) => (await open(path, nextCaller())).text(),
    post: async (path, body) => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return (await open(path, nextCaller(), init)).text();
    },
    stream: async (path, caller, signal) => {
      let events = 0;
      try {
        const { body } = await open(path, `watcher ${caller}`, { signal });
        for await (const piece of body ?? [])
          events += Buffer.from(piece).toString().split('event: progress').length - 1;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      return events;
    },
  };
}

const tokenOf = (subject: string, role: string) =>
  new SignJWT({ roles: [role] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

async function latencies(paths: readonly string[], get: Api['get']): Promise<Percentiles> {
  const times: number[] = [];
  for (const path of paths) {
    const startedAt = performance.now();
    await get(path);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

async function watch(api: Api, ids: readonly string[], seconds: number) {
  const ending = new AbortController();
  const streams = ids.map((id, index) =>
    api.stream(`/api/v1/projects/${id}/events`, Math.floor(index / perCaller.streams), ending.signal),
  );
  const before = await cpuMs([api.process.pid]);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const after = await cpuMs([api.process.pid]);
  ending.abort();
  const events = (await Promise.all(streams)).reduce((sum, count) => sum + count, 0);
  return { watchCoreShare: (after - before) / (seconds * 1_000), watchEvents: events };
}
