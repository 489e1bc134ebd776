import { type DestinationStream, type Logger, pino } from 'pino';
import type { Redact } from './redact.ts';

export type { Logger };

/**
 * JSON lines on stderr, so that stdout keeps its `ready` lines; pretty in a terminal. Secrets are taken out of the
 * finished line by value, whatever field or error text they came in.
 */
export function createLogger(options: {
  level: string;
  redact: Redact;
  base: Record<string, unknown>;
  pretty: boolean;
}): Logger {
  const { level, redact, base, pretty } = options;
  const settings = {
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: redact },
  };
  if (pretty) return pino({ ...settings, transport: { target: 'pino-pretty', options: { destination: 2 } } });
  return pino(settings, pino.destination({ dest: 2, sync: true }) as DestinationStream);
}
