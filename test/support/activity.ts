import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { vi } from 'vitest';
import type { RecordAttempt } from '../../activities/shared/attempt.ts';

export interface ActivityRun<T> {
  readonly result: Promise<T>;
  /** Details of every beat so far. */
  readonly heartbeats: readonly unknown[];
  cancel(): void;
}

/** The SDK says on stderr that an activity failed; here that is what is looked for. */
const silent = new DefaultLogger('ERROR');

/** Runs work inside an activity's context, as a worker would. */
export function startActivity<T>(work: () => Promise<T>, info: Partial<Info> = {}): ActivityRun<T> {
  const environment = new MockActivityEnvironment(info, { logger: silent });
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  return { result: environment.run(work), heartbeats, cancel: () => environment.cancel() };
}

export const inActivity = <T>(work: () => Promise<T>, info?: Partial<Info>): Promise<T> =>
  startActivity(work, info).result;

/** What an activity asked Temporal to keep, in order. */
export function recordingAttempts(answer: 'recorded' | 'stale' = 'recorded') {
  const records: unknown[] = [];
  const recordAttempt = vi.fn<RecordAttempt>(async (_, details) => {
    records.push(details);
    return answer;
  });
  return { records, recordAttempt };
}

/** What a promise rejects with. */
export async function failureOf<E = Error>(promise: Promise<unknown>): Promise<E> {
  try {
    await promise;
  } catch (error) {
    return error as E;
  }
  throw new Error('it did not fail');
}
