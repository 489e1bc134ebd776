import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/** Called for every answer that says that our key is not good. */
export type SecurityLog = (endpoint: string) => void;

export const createSecurityLog =
  (log: Logger, metrics: Metrics): SecurityLog =>
  (endpoint) => {
    metrics.goflowUnauthorized.inc();
    log.error({ security: true, endpoint }, 'GoFlow refused the key: check GOFLOW_API_KEY');
  };
