import { envelopeOf } from '../operations/error-envelope.ts';
import { InvalidInputError, NotFoundError, OperationError, type OperationErrorCode } from '../operations/errors.ts';
import { TemporalUnreachableError } from '../../config/temporal.ts';
import { clean } from './render/clean.ts';
import { UsageError } from './usage.ts';

/** A contract with scripts: `running.md`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3, unreachable: 4 } as const;

/** What an error means for whoever called us. */
export interface Verdict {
  readonly exitCode: number;
  /** One of those with which the API answers, too. */
  readonly code: OperationErrorCode | TemporalUnreachableError['code'] | 'InternalError';
  /** What went wrong, in one line. */
  readonly message: string;
  /** Each names what is wrong with one part of what was given. */
  readonly faults: readonly string[];
  /** What to do next. */
  readonly advice: string;
}

export function judge(error: unknown): Verdict {
  if (error instanceof UsageError)
    return {
      ...{ exitCode: exitCodes.usage, code: 'ValidationFailed', message: error.message, faults: [] },
      advice: `See: ${error.help}`,
    };
  const { message, faults = [], ...verdict } = verdictOn(error);
  return { ...verdict, message: `${clean(message)}${reasonOf(error)}`, faults: faults.map(clean) };
}

function verdictOn(error: unknown): Omit<Verdict, 'faults'> & Partial<Verdict> {
  if (error instanceof TemporalUnreachableError)
    return {
      exitCode: exitCodes.unreachable,
      code: error.code,
      message: error.message,
      advice: 'Set TEMPORAL_ADDRESS, or start a dev server: npm run temporal',
    };
  if (error instanceof OperationError) {
    const { code, message, advice } = error;
    const faults = error instanceof InvalidInputError ? error.faults : [];
    return { exitCode: codeOf(error), code, message, faults, advice };
  }
  return {
    exitCode: exitCodes.failed,
    code: 'InternalError',
    message: error instanceof Error ? error.message : String(error),
    advice: 'This is a fault of gf25 itself: please report it with this line.',
  };
}

/** For people, on stderr. */
export const inWords = ({ message, faults, advice }: Verdict): string =>
  [`error: ${message}`, ...faults.map((fault) => `  - ${fault}`), advice].map((line) => `${line}\n`).join('');

/** For programs: the envelope of the API's errors, and what only a CLI has to say. */
export const asEnvelope = ({ exitCode, code, message, faults, advice }: Verdict, correlationId: string): string =>
  `${JSON.stringify({
    ...envelopeOf(
      code,
      [message.replaceAll('\n', ' '), ...(faults.length > 0 ? [faults.join('; ')] : [])].join(': '),
      correlationId,
    ),
    advice,
    exit_code: exitCode,
  })}\n`;

function codeOf(error: OperationError): number {
  if (error instanceof InvalidInputError) return exitCodes.usage;
  if (error instanceof NotFoundError) return exitCodes.notFound;
  return exitCodes.failed;
}

/** The innermost cause says most: "connection refused" rather than "failed to connect". */
function reasonOf(error: unknown): string {
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? ` (${clean(cause.message)})` : '';
}
