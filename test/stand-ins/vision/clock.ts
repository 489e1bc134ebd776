import { setImmediate, setTimeout } from 'node:timers/promises';

/** Node's timers have whole milliseconds: waking this much early is as near as they get. */
const TOLERANCE_MS = 0.5;
/** Node turns longer timers into 1 ms. */
const MAX_TIMER_MS = 2_147_483_647;

/** Milliseconds of the monotonic clock: on Linux the same in every process of one machine. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Waits until a moment of `nowMs()`. Gives way to the event loop at least once, so that what was written before goes
 * out as its own TCP segment even when the moment has passed.
 *
 * @throws AbortError as soon as `signal` aborts
 */
export async function sleepUntil(deadlineMs: number, signal: AbortSignal): Promise<void> {
  let leftMs = deadlineMs - nowMs();
  if (leftMs <= TOLERANCE_MS) await setImmediate(undefined, { signal });
  while (leftMs > TOLERANCE_MS) {
    await setTimeout(Math.min(MAX_TIMER_MS, Math.max(1, Math.round(leftMs))), undefined, { signal });
    leftMs = deadlineMs - nowMs();
  }
}
