import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { currentCorrelationId } from './correlation.ts';
import { escapeLine, flattenLine } from './log-text.ts';
import type { Redact } from './redact.ts';

export interface LoggerOptions {
  readonly level: string;
  readonly redact: Redact;
  /** On every line. */
  readonly base: Readonly<Record<string, unknown>>;
  /** For people at a terminal. */
  readonly pretty: boolean;
  /** Default: stderr, so that stdout keeps its `ready` lines. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines, each with the correlation id of what it belongs to. Secrets are taken out of the finished line, whatever
 * field or error text they came in, and no foreign text can look like a line of its own.
 */
export function createLogger({ level, redact, base, pretty, destination }: LoggerOptions): Logger {
  // in this thread: whoever ends the process at once loses no line
  const prettify = pretty ? prettyFactory({ colorize: destination === undefined }) : undefined;
  const finish = prettify ? (line: string) => prettify(flattenLine(line)) : escapeLine;
  return pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      mixin(_fields, _level, log) {
        const correlationId = currentCorrelationId();
        // a request's logger has its id already
        return correlationId === undefined || 'correlationId' in log.bindings() ? {} : { correlationId };
      },
      hooks: { streamWrite: (line: string) => finish(redact(line)) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
