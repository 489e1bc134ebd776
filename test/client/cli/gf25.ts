import { compiled } from '../../../tools/local/compiled.ts';
import { type Ended, runProgram } from '../../support/drivers/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Env = Readonly<Record<string, string>>;

const cli = compiled('client/cli/main.ts');

/** Runs one verb as an operator does: a process of its own. */
export const gf25 = (env: Env, ...args: string[]): Promise<Ended> => finish(process.execPath, [cli, ...args], env);

/** The same on a disk that takes only so many blocks of 512 bytes per file. */
export const gf25OnFullDisk = (blocks: number, env: Env, ...args: string[]): Promise<Ended> => {
  // without the trap the signal would end the process; so the write fails, as it does with ENOSPC
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
  return finish('/bin/sh', ['-c', script, process.execPath, cli, ...args], env);
};

/** The same where a process may have only so many files open. */
export const gf25WithFewFiles = (files: number, env: Env, ...args: string[]): Promise<Ended> =>
  finish('/bin/sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, cli, ...args], env);

const finish = async (file: string, args: readonly string[], env: Env) =>
  runProgram(file, args, { GF25_STATE_DIR: await temporaryFolder(), ...env });

/** The same with --json; throws unless stdout is one document and the verb is done. */
export async function gf25Json<T>(env: Env, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gf25(env, ...args, '--json');
  if (code !== 0) throw new Error(`gf25 ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
