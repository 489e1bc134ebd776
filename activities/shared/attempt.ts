import { CancelledFailure, Context } from '@temporalio/activity';

/**
 * Writes the details of a heartbeat to the server and waits until they are there. The SDK's own heartbeat returns at
 * once: a process that is killed or stopped just then would leave no trace of what it was about to do.
 *
 * Resolves to `stale` when the attempt is over for the server: it timed out, and another one may be under way.
 */
export type RecordAttempt = (taskToken: Uint8Array, details: unknown) => Promise<'recorded' | 'stale'>;

/**
 * Records how an attempt ended for the next one. Said twice: a beat that the SDK still holds back is sent when the
 * attempt fails, and would put older details over these.
 */
export async function recordOutcome(record: RecordAttempt, details: unknown): Promise<void> {
  const { heartbeat, info } = Context.current();
  heartbeat(details);
  await record(info.taskToken, details);
}

/**
 * Keeps an activity alive while `work` runs, and lets a cancellation reach it through the signal.
 *
 * @param everyMs how soon a cancellation must arrive; each beat costs the server a write
 * @param details what the next attempt should know if this one dies; read at each beat
 */
export async function withHeartbeat<T>(
  everyMs: number,
  details: () => unknown,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const beat = () => context.heartbeat(details());
  const timer = setInterval(beat, everyMs);
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    throw context.cancellationSignal.aborted ? cancelled(error) : error;
  } finally {
    clearInterval(timer);
  }
}

const cancelled = (cause: unknown) =>
  cause instanceof CancelledFailure ? cause : new CancelledFailure('the activity was cancelled', [], cause as Error);
