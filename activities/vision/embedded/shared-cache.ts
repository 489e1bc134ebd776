import { untilAborted } from './deadline.ts';

export interface SharedCache<T> {
  /**
   * The value of `key`, computed once however many ask for it at the same time. Each caller leaves by its own
   * signal; the computation is aborted when the last one has left. A failure is not kept.
   */
  get(key: string, signal: AbortSignal, compute: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Entry<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  callers: number;
  settled: boolean;
}

/** A cache in memory of at most `maxEntries` values; the least recently asked for goes first. */
export function createSharedCache<T>(maxEntries: number): SharedCache<T> {
  const entries = new Map<string, Entry<T>>();

  function start(key: string, compute: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const controller = new AbortController();
    const entry: Entry<T> = { result: compute(controller.signal), controller, callers: 0, settled: false };
    void entry.result.then(
      () => (entry.settled = true),
      () => {
        entry.settled = true;
        forget(key, entry);
      },
    );
    return entry;
  }

  function forget(key: string, entry: Entry<T>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  /** A Map keeps the order of insertion: what was asked for last stands at its end. */
  function keepAsNewest(key: string, entry: Entry<T>): void {
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  }

  async function get(key: string, signal: AbortSignal, compute: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const entry = entries.get(key) ?? start(key, compute);
    keepAsNewest(key, entry);
    entry.callers += 1;
    try {
      return await untilAborted(signal, entry.result);
    } finally {
      entry.callers -= 1;
      if (entry.callers === 0 && !entry.settled) {
        forget(key, entry);
        entry.controller.abort(signal.reason);
      }
    }
  }

  return { get };
}
