import pc from 'picocolors';
import type { Cli } from '../../../client/cli/cli.ts';
import { run } from '../../../client/cli/program.ts';

/** A CLI that writes into variables; whatever needs Temporal meets this error. */
export function quietCli(error: unknown = new Error('no verb should have come this far'), input = '') {
  const written = { stdout: '', stderr: '' };
  const cli: Cli = {
    out: (text) => (written.stdout += text),
    input: async () => input,
    err: (text) => (written.stderr += text),
    columns: undefined,
    colours: pc.createColors(false),
    exitCode: 0,
    withTemporal: async () => {
      throw error;
    },
    perform: (_, work) => work(),
    close: async () => undefined,
  };
  return { cli, written };
}

/** Runs a verb in this process. */
export async function tryOut(args: readonly string[], error?: unknown, input?: string) {
  const { cli, written } = quietCli(error, input);
  return { code: await run(args, cli), ...written };
}
