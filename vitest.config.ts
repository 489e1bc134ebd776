import { defineConfig } from 'vitest/config';
import { ScenariosFirst } from './test/support/scenarios-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // one process per file: Temporal's native runtime is one per process
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: ScenariosFirst },
    // far above what anything takes: a busy machine is no failure
    testTimeout: 240_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
