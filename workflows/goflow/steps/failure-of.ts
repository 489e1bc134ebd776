import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { failures, type FailureCode, isFailureCode } from '../../shared/failures.ts';

export interface FailureOf {
  readonly code: FailureCode;
  readonly message: string;
  readonly details: unknown;
}

/**
 * What an activity or child failed with, in words of the catalogue.
 *
 * @param cancellationIsFailure for a child that somebody cancelled by hand
 * @throws the error itself when it is a cancellation, or nothing that Temporal delivers (a bug in workflow code)
 */
export function failureOf(error: unknown, { cancellationIsFailure = false } = {}): FailureOf {
  if (isCancellation(error) && !cancellationIsFailure) throw error;
  if (!(error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)) throw error;
  const cause = error.cause;
  if (cause instanceof ApplicationFailure) {
    const code = isFailureCode(cause.type) ? cause.type : 'Internal';
    return { code, message: cause.message, details: cause.details?.[0] };
  }
  if (error instanceof ChildWorkflowFailure)
    return { code: 'MediaWorkflowFailed', message: cause?.message ?? error.message, details: undefined };
  if (cause instanceof TimeoutFailure)
    return { code: 'HostLost', message: `no sign of life (${cause.timeoutType} timeout)`, details: undefined };
  return { code: 'Internal', message: cause?.message ?? error.message, details: undefined };
}

/** No heartbeat for the whole timeout: the host is dead, or what it said was lost on the way. */
export const isSilence = (error: unknown) =>
  error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === 'HEARTBEAT';

/** Handed back before it began, since the project was paused: it keeps its turn. */
export const isHandedBack = (failure: FailureOf) => failure.code === 'ImageReleased';

/** Whether the image should go on elsewhere: the analysis itself is not at fault. */
export const isHostLoss = (failure: FailureOf) => failures[failure.code].retry === 'elsewhere';
