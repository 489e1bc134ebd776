import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { limitCoreThreads } from '../config/core-threads.ts';

let installed = false;

/** Temporal's runtime is one per process: its logs become ours, and signals are handled by us alone. */
export function installRuntime(log: Logger): void {
  if (installed) return;
  installed = true;
  limitCoreThreads();
  const temporalLog = log.child({ from: 'temporal' });
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    logger: new DefaultLogger(log.isLevelEnabled('debug') ? 'DEBUG' : 'INFO', (entry) => forward(temporalLog, entry)),
  });
}

/** Said by us already, in our own words and once; or nothing to worry about. */
const demoted = /^(Activity failed|No (activities|workflows) registered)/;

function forward(log: Logger, { level, message, meta }: LogEntry): void {
  const fields = { ...meta, ...(meta?.['error'] instanceof Error && { err: meta['error'], error: undefined }) };
  if (level === 'TRACE' || level === 'DEBUG' || demoted.test(message)) log.debug(fields, message);
  // the SDK's own comings and goings are not for everyone, those of our workflows are
  else if (level === 'INFO') log[meta?.['sdkComponent'] === 'workflow' ? 'info' : 'debug'](fields, message);
  else if (level === 'ERROR') log.error(fields, message);
  else log.warn(fields, message);
}
