import { setTimeout as delay } from 'node:timers/promises';

/** Of a connection that is used again, the end comes with the last piece, or right behind it. */
const graceMs = 100;

/**
 * Hands the pieces of a stream on. Once the answer is whole, the server has only a moment to end the stream: some keep the
 * connection open, and what happens to it then is nothing to the answer.
 */
export async function* untilOver<T>(stream: AsyncIterable<T>, isOver: () => boolean): AsyncGenerator<T> {
  const pieces = stream[Symbol.asyncIterator]();
  const end = { done: true, value: undefined } as const;
  let grace: Promise<typeof end> | undefined;
  try {
    for (;;) {
      const next = pieces.next();
      if (isOver()) grace ??= delay(graceMs, end);
      const result = grace === undefined ? await next : await Promise.race([next.catch(() => end), grace]);
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    // not awaited: it may wait for a piece that never comes, until whoever opened the stream closes it
    void pieces.return?.().catch(() => undefined);
  }
}
