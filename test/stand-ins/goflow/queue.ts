import { parseJson } from '../shared/http.ts';
import { membersOf, type JobMembers } from './job.ts';

export interface EnqueueOptions {
  /** False: this project may be completed without all its combinations. Default true. */
  readonly expectComplete?: boolean | undefined;
}

/** A job that waits to be handed out, as the bytes of the answer. */
export interface QueuedJob extends EnqueueOptions {
  readonly body: Buffer;
  /** Undefined when the body is too broken to tell. */
  readonly members: JobMembers | undefined;
}

/** @param body a string or Buffer is handed out as it is, anything else as JSON. */
export function toQueuedJob(body: unknown, options: EnqueueOptions = {}): QueuedJob {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { body: bytes, members: membersOf(parseJson(bytes)), ...options };
}
