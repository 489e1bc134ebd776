import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { ScenariosFirst } from './test/support/scenarios-first.ts';

/** Whoever changes their process (sharp's decoders, Temporal's runtime, the context of a workflow) has it for themselves. */
const apart = [
  'scenarios',
  'client/{cli,http}',
  'workflows',
  'replay',
  'fuzz',
  'activities/images',
  'activities/vision/embedded',
];
const files = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`);

const project = (name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  test: {
    name,
    // far above what anything takes: a busy machine is no failure
    testTimeout: 240_000,
    hookTimeout: 60_000,
    ...test,
  },
});

export default defineConfig({
  test: {
    projects: [
      // one process per file: Temporal's native runtime is one per process
      project('apart', { include: files(apart) }),
      // what a process has loaded serves all its files: half of the time of these is loading
      project('together', { include: files(['**']), exclude: files(apart), isolate: false }),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: ScenariosFirst },
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
