import { type ChildProcess, spawn } from 'node:child_process';
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

const readyTimeoutMs = 60_000;

/** Starts `node --import tsx FILE ARGS` and resolves with its `ready` line. */
export async function startProcess(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<StartedProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: projectRoot,
    // nothing of the surrounding shell but where programs are
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (piece: Buffer) => (output += piece.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
  );
  await untilReady(child, ended, () => output);
  return { pid: child.pid ?? 0, output: () => output, ended, kill: (signal = 'SIGKILL') => void child.kill(signal) };
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
