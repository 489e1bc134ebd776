import { fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import { correlationHeader, correlationId } from './correlation.ts';
import { answerError, answerUnknownPath } from './errors.ts';
import type { ApiMetrics } from './metrics.ts';
import { refuseAll } from './refuse-all.ts';
import { healthRoutes, quiet, type TemporalCheck } from './routes/health.ts';

export interface AppDeps {
  readonly log: Logger;
  readonly checkTemporal: TemporalCheck;
  readonly metrics: ApiMetrics;
}

/** The API without a port. So far: health and metrics. */
export function buildApp({ log, checkTemporal, metrics }: AppDeps) {
  const app = fastify({
    loggerInstance: log,
    genReqId: correlationId,
    logController: new LogController({ requestIdLogLabel: 'correlationId' }),
    // a path that cannot be decoded, for example
    frameworkErrors: answerError,
  });
  app.addHook('onRequest', async (request, reply) => void reply.header(correlationHeader, request.id));
  app.addHook('onResponse', async (request, reply) => metrics.observe(request, reply));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownPath);

  app.register(healthRoutes(checkTemporal));
  app.get('/metrics', quiet, async (_, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  for (const prefix of ['/api', '/admin']) app.register(refuseAll, { prefix });
  return app;
}
