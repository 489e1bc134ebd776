import { ApplicationFailureCategory } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/activity';
import { failures, type Retry } from '../../workflows/shared/failures.ts';
import type { Redact } from './redact.ts';
import { Failure } from './failure.ts';

/** A bug is worth a few attempts, not an endless loop: one bad analysis must not stop the others. */
const internalAttempts = 5;
const internalDelayMs = 2_000;
const defaultDelayMs = 1_000;
const maxMessageCharacters = 1_000;

const isRetryable: Record<Retry, boolean> = { again: true, idle: true, elsewhere: false, never: false };

/**
 * The one maker of ApplicationFailures. Every delay is explicit, and at least 1 ms: the server takes a delay of 0 for
 * the policy's maximum. Its text is well-formed Unicode, or the worker would end over it.
 */
export function toFailure(error: unknown, attempt: number, redact: Redact): ApplicationFailure {
  const failure = error instanceof Failure ? error : internal(error, attempt);
  const { retry } = failures[failure.code];
  const message = redact(failure.message).slice(0, maxMessageCharacters).toWellFormed();
  return ApplicationFailure.create({
    type: failure.code,
    message,
    nonRetryable: failure.isFinal || !isRetryable[retry],
    nextRetryDelay: Math.max(1, Math.round(failure.retryDelayMs ?? defaultDelayMs)),
    ...(retry === 'idle' && { category: ApplicationFailureCategory.BENIGN }),
    ...(failure.details !== undefined && { details: [redactDeep(failure.details, redact)] }),
  });
}

function internal(error: unknown, attempt: number): Failure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure('Internal', message, {
    retryDelayMs: internalDelayMs * attempt,
    isFinal: attempt >= internalAttempts,
    cause: error,
  });
}

const redactDeep = (value: unknown, redact: Redact): unknown => JSON.parse(redact(JSON.stringify(value)));
