import { setTimeout as delay } from 'node:timers/promises';

export interface RecentValueOptions {
  /** How old a value may be when it is given again; also how long nothing is asked after a failure. */
  readonly forMs: number;
  /** Whoever asks waits no longer, however long the reading takes. */
  readonly waitAtMostMs: number;
}

/**
 * A value that takes time to read, for whoever looks often and must not hang, as a scrape of metrics. One reading at a
 * time: a source that hangs is not asked again before it has ended.
 *
 * @returns undefined when it is not known now; an older value would look like the present one
 */
export function recentValue<T>(
  read: () => Promise<T>,
  { forMs, waitAtMostMs }: RecentValueOptions,
): () => Promise<T | undefined> {
  let known: { readonly value: T | undefined; readonly atMs: number } | undefined;
  let reading: Promise<void> | undefined;

  const begin = async () => {
    const value = await read().catch(() => undefined);
    known = { value, atMs: performance.now() };
    reading = undefined;
  };
  const fresh = () => (known && performance.now() - known.atMs < forMs ? known : undefined);

  return async () => {
    const answer = fresh();
    if (answer) return answer.value;
    reading ??= begin();
    const patience = new AbortController();
    const tooLate = delay(waitAtMostMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([reading, tooLate]);
    patience.abort();
    return fresh()?.value;
  };
}
