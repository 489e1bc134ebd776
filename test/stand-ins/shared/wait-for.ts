import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
  /** Names what is waited for in the error. */
  readonly what?: string;
}

const POLL_MS = 10;

/** Resolves with the first truthy value of `probe`; rejects after `timeoutMs` with a text that holds `describe()`. */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  describe: () => string,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, what = 'the condition' } = options;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() >= deadlineMs) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}. The stand-in has seen: ${describe()}`);
    }
    await sleep(POLL_MS);
  }
}
