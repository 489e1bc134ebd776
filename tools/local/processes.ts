import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { projectRoot } from '../../config/project-root.ts';

/** A process of ours, started as its users start it. */
export interface StartedProcess {
  readonly pid: number;
  /** Everything it wrote, both streams. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal?: NodeJS.Signals): void;
}

/** One that may still be starting. */
export interface SpawnedProcess extends StartedProcess {
  /** Resolves with its `ready` line; rejects when it ends before, or takes too long. */
  readonly ready: Promise<void>;
}

export interface ProcessOptions {
  /** It ends when this process does, however that ends, and a Ctrl-C in the terminal reaches it through us only. */
  readonly endsWithUs?: boolean;
  /** What it writes is also appended here. */
  readonly logFile?: string;
}

const readyTimeoutMs = 60_000;
const endWithParent = 'tools/local/end-with-parent.mjs';

/** Starts `node FILE ARGS`; what is not compiled goes through tsx. */
export function spawnProcess(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { endsWithUs = false, logFile }: ProcessOptions = {},
): SpawnedProcess {
  const programs = endsWithUs ? [endWithParent, file] : [file];
  const loader = programs.some((program) => program.endsWith('.ts')) ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, ...programs, ...args], {
    cwd: projectRoot,
    // nothing of the surrounding shell but where programs are
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: [endsWithUs ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: endsWithUs,
  });
  let output = '';
  const collect = (piece: Buffer) => {
    output += piece.toString();
    if (logFile !== undefined) appendFileSync(logFile, piece);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
  );
  const ready = untilReady(child, ended, () => output);
  // whoever spawns may look at `ended` alone
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    ready,
    kill: (signal = 'SIGKILL') => void child.kill(signal),
  };
}

/** Starts `node FILE ARGS`, as above, and resolves with its `ready` line. */
export async function startProcess(...of: Parameters<typeof spawnProcess>): Promise<StartedProcess> {
  const spawned = spawnProcess(...of);
  await spawned.ready;
  return spawned;
}

function untilReady(child: ChildProcess, ended: Promise<unknown>, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}:\n${output().slice(-4_000)}`));
    const timer = setTimeout(() => fail(`not ready within ${readyTimeoutMs} ms`), readyTimeoutMs);
    child.stdout?.on('data', () => {
      if (!/^ready /m.test(output())) return;
      clearTimeout(timer);
      resolve();
    });
    void ended.then((code) => {
      clearTimeout(timer);
      fail(`ended with ${String(code)} before it was ready`);
    });
  });
}
