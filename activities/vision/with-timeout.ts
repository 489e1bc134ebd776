import { VisionError } from './provider.ts';

/**
 * One signal for cancellation and time; what comes out of `work` is classified. (Not `AbortSignal.any` with
 * `AbortSignal.timeout`: on Node 20 that timeout is lost after a garbage collection.)
 *
 * @param timeoutMs undefined: no limit but the signal
 * @throws {VisionError} `cancelled`, `timeout`, or what `classify` makes of an error
 */
export async function withTimeout<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal,
  classify: (error: unknown) => VisionError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const expire = () => controller.abort(timedOut(timeoutMs ?? 0));
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    if (signal.aborted)
      throw new VisionError('the inference was cancelled', { kind: 'cancelled', scope: 'attempt', cause: error });
    throw controller.signal.aborted ? controller.signal.reason : classify(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // a connection that the work has left half-read would be lost for all others
    controller.abort();
  }
}

const timedOut = (timeoutMs: number) =>
  new VisionError(`no whole answer within ${timeoutMs} ms`, { kind: 'timeout', scope: 'attempt' });
