import { type DestinationStream, type Logger, pino } from 'pino';
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

/** JSON lines. Secrets are taken out of the finished line by value, whatever field or error text they came in. */
export function createLogger({ level, redact, base, pretty, destination }: LoggerOptions): Logger {
  const settings = {
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: redact },
  };
  if (destination) return pino(settings, destination);
  if (!pretty) return pino(settings, pino.destination({ dest: 2, sync: true }));
  const { formatters: _, ...prettySettings } = settings;
  return pino({ ...prettySettings, transport: { target: 'pino-pretty', options: { destination: 2 } } });
}
