import { VisionError } from '../provider.ts';

/**
 * Runs `work` until it settles, `signal` aborts or `timeoutMs` (milliseconds) are over, whichever is first.
 * `work` gets a signal that aborts in both cases; its `reason` is the VisionError that the caller gets.
 *
 * @throws {VisionError} kind `cancelled` or `timeout`, scope `attempt`; and whatever `work` throws
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = () => controller.abort(cancelled('the call was cancelled', signal.reason));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(late(timeoutMs)), timeoutMs);
  try {
    controller.signal.throwIfAborted();
    return await untilAborted(controller.signal, work(controller.signal));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** Settles as `work` does, or rejects with the signal's reason, at once; `work` itself goes on. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as VisionError);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

export function cancelled(message: string, cause?: unknown): VisionError {
  return new VisionError(`embedded: ${message}`, { kind: 'cancelled', scope: 'attempt', cause });
}

function late(timeoutMs: number): VisionError {
  return new VisionError(`embedded: no answer within ${timeoutMs} ms`, { kind: 'timeout', scope: 'attempt' });
}
