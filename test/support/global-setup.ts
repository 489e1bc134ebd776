import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { compile } from '../../tools/local/compiled.ts';
import { startDevServer } from '../../tools/temporal/dev-server.ts';
import { loadWorkflowBundle } from '../../workers/workflow-bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

/** One Temporal server for all files; each scenario has a namespace of its own on it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server] = await Promise.all([
    startDevServer({ say: (line) => process.stderr.write(`${line}\n`) }),
    // kept on disk, so that no worker of a test bundles again
    loadWorkflowBundle(pino({ level: 'silent' })),
    compile(),
  ]);
  project.provide('temporalAddress', server.address);
  return () => server.stop();
}
