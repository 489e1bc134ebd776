import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

let installed = false;

/** Temporal's runtime is one per process: its logs become ours, and signals are handled by us alone. */
export function installRuntime(log: Logger): void {
  if (installed) return;
  installed = true;
  const temporalLog = log.child({ from: 'temporal' });
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    logger: new DefaultLogger('WARN', (entry) => forward(temporalLog, entry)),
  });
}

function forward(log: Logger, { level, message, meta }: LogEntry): void {
  const fields = { ...meta, ...(meta?.['error'] instanceof Error && { err: meta['error'], error: undefined }) };
  if (level === 'ERROR') log.error(fields, message);
  else log.warn(fields, message);
}
