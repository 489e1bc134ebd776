import { setTimeout as delay } from 'node:timers/promises';

/** How long a browser waits before it connects again. */
const reconnectMs = 5_000;

export interface FrameOptions<T> {
  /** Ends the stream at once. */
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
  /** JSON for one change. */
  readonly write: (value: T) => string;
  /** JSON for the error that ended it. */
  readonly writeError: (error: unknown) => string;
}

/**
 * Changes as server-sent events: `progress` for each, `end` after the last one, `error` when it cannot go on, and a
 * comment whenever nothing happens for a while, so that proxies keep the connection and a dead one is noticed.
 */
export async function* toFrames<T>(
  changes: AsyncGenerator<T, void>,
  { signal, heartbeatMs, write, writeError }: FrameOptions<T>,
): AsyncGenerator<string, void> {
  yield `retry: ${reconnectMs}\n\n`;
  let next = changes.next();
  for (let id = 1; ;) {
    const step = await firstOf(next, heartbeatMs, signal);
    if (step === 'over') return;
    if (step === 'quiet') {
      yield ': nothing new\n\n';
      continue;
    }
    if ('error' in step) {
      yield `event: error\ndata: ${writeError(step.error)}\n\n`;
      return;
    }
    if (step.done) {
      yield 'event: end\ndata: {}\n\n';
      return;
    }
    yield `id: ${id}\nevent: progress\ndata: ${write(step.value)}\n\n`;
    id += 1;
    next = changes.next();
  }
}

type Step<T> = IteratorResult<T, void> | { readonly error: unknown } | 'quiet' | 'over';

async function firstOf<T>(
  next: Promise<IteratorResult<T, void>>,
  waitMs: number,
  signal: AbortSignal,
): Promise<Step<T>> {
  const patience = new AbortController();
  const leave = () => patience.abort();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([
      next.catch((error: unknown) => ({ error })),
      delay(waitMs, 'quiet' as const, { signal: patience.signal }).catch(() => 'over' as const),
    ]);
  } finally {
    signal.removeEventListener('abort', leave);
    patience.abort();
  }
}
