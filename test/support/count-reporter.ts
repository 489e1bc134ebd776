import type { Reporter, TestModule } from 'vitest/node';

/** The last line of `npm test`: `N passed, N failed`. A file that cannot be loaded counts as a failure. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const line = `${count('passed')} passed, ${count('failed') + brokenFiles + errors.length} failed`;
    // after the default reporter's summary, which is printed in the same turn
    process.on('exit', () => process.stdout.write(`${line}\n`));
  }
}

export { CountReporter as default };
