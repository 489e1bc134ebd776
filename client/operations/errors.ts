/** The API answers with it and the audit records it; `client/http/api-errors.ts` says what each means. */
export type OperationErrorCode =
  'NotFound' | 'Refused' | 'TemporalRefused' | 'Unanswered' | 'ValidationFailed' | 'AuditUnavailable';

/** A verb could not do what it was asked for. Message and advice are for the operator and safe to show. */
export abstract class OperationError extends Error {
  abstract readonly code: OperationErrorCode;
  /** What the operator can do now, as a sentence. */
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** What was named does not exist: exit code 3 of the CLI. */
export class NotFoundError extends OperationError {
  override readonly name = 'NotFoundError';
  readonly code: OperationErrorCode = 'NotFound';
}

/** Temporal works, but this namespace is not there. Nobody who uses the API can do anything about it. */
export class NamespaceMissingError extends NotFoundError {
  override readonly code = 'TemporalRefused';
}

/** It exists, and says no; the message is its reason. */
export class RefusedError extends OperationError {
  override readonly name = 'RefusedError';
  readonly code: OperationErrorCode = 'Refused';
}

/** Temporal itself says no: to our key, or to a namespace without our search attributes. */
export class TemporalRefusedError extends RefusedError {
  override readonly code = 'TemporalRefused';
}

/** Temporal works, but nobody is there to carry the verb out. It may still be carried out later. */
export class UnansweredError extends OperationError {
  override readonly name = 'UnansweredError';
  readonly code = 'Unanswered';
}

/** What was given cannot be meant: exit code 2 of the CLI. */
export class InvalidInputError extends OperationError {
  override readonly name = 'InvalidInputError';
  readonly code = 'ValidationFailed';
  /** Each names its field: `media.2.id: must be a UUID`. */
  readonly faults: readonly string[];
  constructor(message: string, faults: readonly string[], advice: string) {
    super(message, advice);
    this.faults = faults;
  }
}

/** What an operator does could not be recorded, so it is not done. */
export class AuditUnavailableError extends OperationError {
  override readonly name = 'AuditUnavailableError';
  readonly code = 'AuditUnavailable';
}
