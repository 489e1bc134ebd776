import type { FailureCode } from '../../workflows/shared/failures.ts';

/** How an activity and what it calls say that something went wrong, in words of the failure catalogue. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  /** When to try again; without it, `toFailure` chooses. */
  readonly retryDelayMs: number | undefined;
  /** True: do not try again although this kind usually may. */
  readonly isFinal: boolean;
  readonly details: unknown;

  constructor(
    code: FailureCode,
    message: string,
    options: { retryDelayMs?: number; isFinal?: boolean; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryDelayMs = options.retryDelayMs;
    this.isFinal = options.isFinal ?? false;
    this.details = options.details;
  }
}
