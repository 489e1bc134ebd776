import { spawn } from 'node:child_process';
import { projectRoot } from '../../../config/project-root.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one verb as an operator does: a process of its own. */
export async function gf25(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Finished> {
  const stateFolder = await temporaryFolder();
  const child = spawn(process.execPath, ['--import', 'tsx', 'client/cli/main.ts', ...args], {
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
export async function gf25Json<T>(env: Readonly<Record<string, string>>, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gf25(env, ...args, '--json');
  if (code !== 0) throw new Error(`gf25 ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
