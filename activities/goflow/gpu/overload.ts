/** A server that is full is full for as long as an inference takes; waiting longer than this would leave it idle. */
const firstDelayMs = 1_000;
const maxDelayMs = 15_000;
/** A server that asks for more is asked sooner: it may have been restarted since. */
const maxRetryAfterMs = 300_000;

/**
 * When an analysis asks a full server again: when the server said, else later each time. Spread, so that the lanes do not
 * come back all at once.
 *
 * @param overloads how often in a row this analysis has met a full server, this time included
 * @param random 0..1
 * @returns milliseconds
 */
export function overloadDelayMs(overloads: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, maxRetryAfterMs) * (1 + random / 4);
  return Math.min(firstDelayMs * 2 ** (overloads - 1), maxDelayMs) * (0.5 + random / 2);
}
