import { type Ended, runProgram } from '../../support/drivers/run-program.ts';

/** Runs one verb as an operator does: a process of its own. */
export const gf25 = (env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> =>
  runProgram(process.execPath, ['--import', 'tsx', 'client/cli/main.ts', ...args], env);

/** The same with --json; throws unless stdout is one document and the verb is done. */
export async function gf25Json<T>(env: Readonly<Record<string, string>>, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gf25(env, ...args, '--json');
  if (code !== 0) throw new Error(`gf25 ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
