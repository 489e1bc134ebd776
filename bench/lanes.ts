import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { type StartedProcess, startProcess } from '../tools/local/processes.ts';
import { startDevServer } from '../tools/temporal/dev-server.ts';
import { projectWorkflowId } from '../workflows/goflow/contracts/ids.ts';
import { buildJob, type Job } from '../test/stand-ins/goflow/job.ts';
import type { CallRecord } from '../test/stand-ins/vision/records.ts';

export interface LanesScenario {
  readonly images: number;
  readonly analyses: number;
  readonly hosts: number;
  readonly lanesPerHost: number;
  readonly latencyMs: number;
}

export interface LanesResult {
  readonly lanes: number;
  /**
   * Average number of calls open at the vision servers between the first and the last second, by their own logs: a lane
   * is busy from the moment its call arrives, upload included.
   */
  readonly busyLanes: number;
  /** The same without upload and parsing: only while the stand-in counts the inference as running. */
  readonly runningLanes: number;
  readonly wallSeconds: number;
  /** ceil(combinations / lanes) x latency. */
  readonly idealSeconds: number;
  readonly wallToIdeal: number;
  readonly encodes: number;
  readonly maxCallsAtOnce: readonly number[];
  /** From the job's hand-out to the first inference. */
  readonly firstStartSeconds: number;
  readonly workerCpuMsPerCombination: number;
  readonly serverCpuMsPerCombination: number;
}

const goflowMain = 'test/stand-ins/goflow/main.ts';
const visionMain = 'test/stand-ins/vision/main.ts';
const key = 'bench-key-0123456789';

/** One project in steady state. Stand-ins, Temporal server and worker are processes of their own. */
export async function benchLanes(scenario: LanesScenario): Promise<LanesResult> {
  const { images, analyses, hosts, lanesPerHost, latencyMs } = scenario;
  const folder = await mkdtemp(join(tmpdir(), 'gf25-bench-'));
  const processes: StartedProcess[] = [];
  const start = async (file: string, args: string[], env: Record<string, string> = {}) => {
    const started = await startProcess(file, args, env);
    processes.push(started);
    return started;
  };
  const server = await startDevServer({ say: (line) => process.stderr.write(`${line}\n`) });
  try {
    const goflow = await start(goflowMain, ['--port', '0', '--jobs', '0', '--api-key-env', 'KEY'], { KEY: key });
    const goflowUrl = urlOf(goflow);
    const slots = ['--port', '0', '--slots', String(lanesPerHost), '--latency-ms', String(latencyMs)];
    const visions = await Promise.all(Array.from({ length: hosts }, () => start(visionMain, slots)));
    const overlay = join(folder, 'overlay.yaml');
    await writeFile(overlay, stringify({ intake: { pollIntervalSeconds: 0.5 } }));
    const workers = await Promise.all(
      visions.map((vision, index) =>
        start('workers/main.ts', [index === 0 ? 'all' : 'gpu'], {
          TEMPORAL_ADDRESS: server.address,
          GF25_ENV: 'development',
          GF25_LOG_LEVEL: 'warn',
          GF25_STATE_DIR: join(folder, `host-${index}`),
          GF25_CONFIG_OVERLAY: overlay,
          GF25_GPU_HOST: `bench-${index}`,
          GF25_LANES: String(lanesPerHost),
          GF25_VISION_URL: urlOf(vision),
          GOFLOW_BASE_URL: goflowUrl,
          GOFLOW_API_KEY: key,
        }),
      ),
    );
    const job = buildJob({ images, analyses, seed: `bench ${Date.now()}` });
    // drawn before the clock runs: the pictures are the stand-in's work, not ours
    await Promise.all(
      job.media.map(({ optimised_path: path }) => fetch(`${goflowUrl}${path}`).then((image) => image.arrayBuffer())),
    );

    const serverPids = await descendants(process.pid, 'start-dev');
    const cpuBefore = { workers: await cpuMs(workers.map(({ pid }) => pid)), server: await cpuMs(serverPids) };
    const handedOutAtMs = await runProject(server.address, goflowUrl, job);
    const cpuAfter = { workers: await cpuMs(workers.map(({ pid }) => pid)), server: await cpuMs(serverPids) };

    const combinations = images * analyses;
    const calls = await Promise.all(
      visions.map(async (vision) => (await (await fetch(`${urlOf(vision)}/_stand-in/calls`)).json()) as CallRecord[]),
    );
    return {
      ...measure(calls, scenario, handedOutAtMs),
      workerCpuMsPerCombination: (cpuAfter.workers - cpuBefore.workers) / combinations,
      serverCpuMsPerCombination: (cpuAfter.server - cpuBefore.server) / combinations,
    };
  } finally {
    for (const started of processes) started.kill('SIGTERM');
    await Promise.all(processes.map(({ ended }) => ended));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hands the job out and waits for the end of its project. Resolves with the moment of the hand-out. */
async function runProject(address: string, goflowUrl: string, job: Job): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const handedOutAtMs = nowMs();
    await fetch(`${goflowUrl}/_stand-in/jobs`, { method: 'POST', body: JSON.stringify(job) });
    const project = client.workflow.getHandle(projectWorkflowId(job.project.id));
    while (!(await project.describe().catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 20));
    await project.result();
    return handedOutAtMs;
  } finally {
    await connection.close();
  }
}

function measure(calls: readonly CallRecord[][], scenario: LanesScenario, handedOutAtMs: number) {
  const { images, analyses, hosts, lanesPerHost, latencyMs } = scenario;
  const all = calls.flat();
  const starts = all.flatMap(({ startedAtMs }) => startedAtMs ?? []);
  const ends = all.flatMap(({ endedAtMs }) => endedAtMs ?? []);
  const firstMs = Math.min(...starts);
  const lastMs = Math.max(...ends);
  const wallMs = lastMs - firstMs;
  const steady = { fromMs: firstMs + 1000, toMs: lastMs - 1000 };
  const lanes = hosts * lanesPerHost;
  const idealMs = Math.ceil((images * analyses) / lanes) * latencyMs;
  return {
    lanes,
    busyLanes: averageOpen(all, ({ receivedAtMs }) => receivedAtMs, steady),
    runningLanes: averageOpen(all, ({ startedAtMs }) => startedAtMs, steady),
    wallSeconds: wallMs / 1000,
    idealSeconds: idealMs / 1000,
    wallToIdeal: wallMs / idealMs,
    encodes: all.filter(({ encoded }) => encoded).length,
    maxCallsAtOnce: calls.map(mostAtOnce),
    firstStartSeconds: (firstMs - handedOutAtMs) / 1000,
  };
}

/** The integral of open calls over a window, by its length. */
function averageOpen(
  calls: readonly CallRecord[],
  startOf: (call: CallRecord) => number | undefined,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  const openMs = calls.reduce((sum, call) => {
    const startMs = Math.max(startOf(call) ?? Infinity, fromMs);
    return sum + Math.max(0, Math.min(call.endedAtMs ?? Infinity, toMs) - startMs);
  }, 0);
  return openMs / (toMs - fromMs);
}

function mostAtOnce(calls: readonly CallRecord[]): number {
  const changes = calls.flatMap(({ receivedAtMs, endedAtMs = Infinity }) => [
    { atMs: receivedAtMs, by: 1 },
    { atMs: endedAtMs, by: -1 },
  ]);
  let open = 0;
  return changes
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by)
    .reduce((most, { by }) => Math.max(most, (open += by)), 0);
}

function urlOf(started: StartedProcess): string {
  const [, url] = /^ready \S+ (http\S+)$/m.exec(started.output()) ?? [];
  if (url === undefined) throw new Error(`no address in: ${started.output()}`);
  return url;
}

/** The clock of the stand-ins: monotonic, the same for all processes of a machine. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

const clockTicksPerSecond = 100;

/** User and system time so far, from /proc. */
async function cpuMs(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicksPerSecond;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}

/** Processes below this one whose command line holds a word; the server runs under its keeper. */
async function descendants(pid: number, word: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  const rows = stdout.split('\n').flatMap((line) => {
    const [, id, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), args }];
  });
  const below = (parent: number): typeof rows =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.id)]);
  return below(pid)
    .filter(({ args }) => args.includes(word) && !args.startsWith('sh '))
    .map(({ id }) => id);
}
