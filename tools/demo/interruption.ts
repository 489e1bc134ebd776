import { onStopSignals } from '../../config/stop-signals.ts';

/** Somebody asked this command to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals, number: number) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + number;
  }
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Rejects with `Interrupted` at the first signal; the second one ends this process at once. */
export function untilInterrupted(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    onStopSignals(
      Object.keys(signals) as (keyof typeof signals)[],
      (signal) => reject(new Interrupted(signal, signals[signal])),
      // what was started ends with us, since it holds our pipes
      (signal) => process.exit(128 + signals[signal]),
    );
  });
  // it may come before anybody waits
  interrupted.catch(() => undefined);
  return interrupted;
}
