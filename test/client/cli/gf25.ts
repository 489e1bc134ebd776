import { spawn } from 'node:child_process';
import { projectRoot } from '../../../config/project-root.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** Runs one verb as an operator does: a process of its own. */
export const gf25 = (env: Env, ...args: string[]): Promise<Finished> =>
  finish(process.execPath, [...cli, ...args], env);

/** The same on a disk that takes only so many blocks of 512 bytes per file. */
export const gf25OnFullDisk = (blocks: number, env: Env, ...args: string[]): Promise<Finished> => {
  // without the trap the signal would end the process; so the write fails, as it does with ENOSPC
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
  return finish('/bin/sh', ['-c', script, process.execPath, ...cli, ...args], env);
};

const cli = ['--import', 'tsx', 'client/cli/main.ts'];

async function finish(command: string, args: readonly string[], env: Env): Promise<Finished> {
  const stateFolder = await temporaryFolder();
  const child = spawn(command, args, {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GF25_STATE_DIR: stateFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** The same with --json; throws unless stdout is one document and the verb is done. */
export async function gf25Json<T>(env: Env, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gf25(env, ...args, '--json');
  if (code !== 0) throw new Error(`gf25 ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
