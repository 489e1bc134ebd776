import type { Action, ActionAnswer, Actor } from './action.ts';
import type { ActionLog } from './action-log.ts';
import { acceptedWith, answerOf } from './answer-of.ts';

/**
 * Does something that changes something, and records it with its answer, however it ends.
 *
 * @throws {AuditUnavailableError} it could not be recorded and is not done; else what `work` throws
 */
export async function perform<T>(log: ActionLog, actor: Actor, action: Action, work: () => Promise<T>): Promise<T> {
  await log.prepare();
  const startedAtMs = performance.now();
  const record = (answer: ActionAnswer) =>
    log.record({ ...actor, ...action, ...answer, durationMs: Math.round(performance.now() - startedAtMs) });
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await record(answerOf(error));
    throw error;
  }
  await record(acceptedWith(result));
  return result;
}
