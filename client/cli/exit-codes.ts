import { CommanderError } from '@commander-js/extra-typings';
import { InvalidInputError, NotFoundError, OperationError } from '../operations/errors.ts';
import { TemporalUnreachableError } from '../temporal.ts';
import { clean } from './render/clean.ts';

/** A contract with scripts: `running.md`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3, unreachable: 4 } as const;

export interface Verdict {
  readonly exitCode: number;
  /** For stderr: what went wrong, and what to do next. */
  readonly lines: readonly string[];
}

/** What an error means for whoever called us. */
export function judge(error: unknown): Verdict {
  if (error instanceof CommanderError)
    // it has spoken already; its own codes are 0 for help and 1 for everything else
    return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage, lines: [] };
  if (error instanceof TemporalUnreachableError)
    return {
      exitCode: exitCodes.unreachable,
      lines: [
        `error: ${error.message}${reasonOf(error)}`,
        'Set TEMPORAL_ADDRESS, or start a dev server: npm run temporal',
      ],
    };
  if (error instanceof OperationError) return { exitCode: codeOf(error), lines: linesOf(error) };
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: exitCodes.failed,
    lines: [
      `error: ${clean(message)}${reasonOf(error)}`,
      'This is a fault of gf25 itself: please report it with this line.',
    ],
  };
}

function codeOf(error: OperationError): number {
  if (error instanceof InvalidInputError) return exitCodes.usage;
  if (error instanceof NotFoundError) return exitCodes.notFound;
  return exitCodes.failed;
}

function linesOf(error: OperationError): string[] {
  const faults = error instanceof InvalidInputError ? error.faults : [];
  return [
    `error: ${clean(error.message)}${reasonOf(error)}`,
    ...faults.map((fault) => `  - ${clean(fault)}`),
    error.advice,
  ];
}

/** The innermost cause says most: "connection refused" rather than "failed to connect". */
function reasonOf(error: unknown): string {
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? ` (${clean(cause.message)})` : '';
}
