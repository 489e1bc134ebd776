import type { Logger } from 'pino';
import { createLogger } from '../../config/logger.ts';
import type { Redact } from '../../config/redact.ts';

export interface RecordingLog {
  readonly log: Logger;
  /** The lines so far, parsed. */
  lines(): Record<string, unknown>[];
  /** As it was written. */
  text(): string;
}

/** Our own logger, writing into memory. */
export function recordingLog(redact: Redact = (text) => text): RecordingLog {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  return {
    log: createLogger({ level: 'debug', redact, base: {}, pretty: false, destination }),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  };
}
