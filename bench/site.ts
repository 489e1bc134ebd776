import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Job } from '../test/stand-ins/goflow/job.ts';
import { type StartedProcess, startProcess } from '../tools/local/processes.ts';
import { startDevServer } from '../tools/temporal/dev-server.ts';

const key = 'bench-key-0123456789';

/** What is measured: a fresh Temporal server, a GoFlow stand-in, and what is started besides, each a process of its own. */
export interface BenchSite {
  readonly temporalAddress: string;
  readonly goflowUrl: string;
  /** Starts a file of this repository and resolves once it is ready. */
  start(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<StartedProcess>;
  /**
   * The environment of our processes; the state of each name is apart.
   *
   * @param settings merged over gf25.yaml
   */
  environment(name: string, settings?: object): Promise<Record<string, string>>;
  /** Puts a job into GoFlow's queue. */
  enqueue(job: Job): Promise<void>;
  /** Makes a project known to GoFlow whose job comes from elsewhere. */
  register(job: Job): Promise<void>;
  serverCpuMs(): Promise<number>;
  close(): Promise<void>;
}

export async function openBenchSite(): Promise<BenchSite> {
  const folder = await mkdtemp(join(tmpdir(), 'gf25-bench-'));
  const processes: StartedProcess[] = [];
  const start: BenchSite['start'] = async (file, args, env = {}) => {
    const started = await startProcess(file, args, env, { endsWithUs: true });
    processes.push(started);
    return started;
  };
  const server = await startDevServer({ say: (line) => process.stderr.write(`${line}\n`) });
  const close = async () => {
    for (const started of processes) started.kill('SIGTERM');
    await Promise.all(processes.map(({ ended }) => ended));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const goflowArgs = ['--port', '0', '--jobs', '0', '--api-key-env', 'KEY'];
    const goflowUrl = urlOf(await start('test/stand-ins/goflow/main.ts', goflowArgs, { KEY: key }));
    const tell = async (path: string, job: Job) => {
      const answer = await fetch(`${goflowUrl}/_stand-in/${path}`, { method: 'POST', body: JSON.stringify(job) });
      if (!answer.ok) throw new Error(`the GoFlow stand-in does not take a job: ${await answer.text()}`);
    };
    const serverPids = await descendants(process.pid, 'start-dev');
    return {
      ...{ temporalAddress: server.address, goflowUrl, start, close },
      async environment(name, settings = {}) {
        const overlay = join(folder, `${name}.yaml`);
        await writeFile(overlay, stringify(settings));
        return {
          TEMPORAL_ADDRESS: server.address,
          GF25_ENV: 'development',
          GF25_LOG_LEVEL: 'warn',
          GF25_STATE_DIR: join(folder, name),
          GF25_CONFIG_OVERLAY: overlay,
          GOFLOW_BASE_URL: goflowUrl,
          GOFLOW_API_KEY: key,
        };
      },
      enqueue: (job) => tell('jobs', job),
      register: (job) => tell('projects', job),
      serverCpuMs: () => cpuMs(serverPids),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address in a stand-in's `ready` line. */
export function urlOf(started: StartedProcess): string {
  const [, url] = /^ready \S+ (http\S+)$/m.exec(started.output()) ?? [];
  if (url === undefined) throw new Error(`no address in: ${started.output()}`);
  return url;
}

const clockTicksPerSecond = 100;

/** User and system time of processes so far, from /proc. */
export async function cpuMs(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicksPerSecond;
    }),
  );
  return times.reduce((sum, time) => sum + time, 0);
}

/** Time that all CPUs of the machine have spent so far, and had, in ms: what was stolen from a virtual machine was not had. */
export function machineMs(): { readonly busy: number; readonly had: number } {
  const times = cpus().map((cpu) => cpu.times);
  const busy = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  return { busy, had: times.reduce((sum, { idle }) => sum + idle, busy) };
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
