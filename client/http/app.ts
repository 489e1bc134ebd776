import { fastify, type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { ApiSettings } from '../../config/api.ts';
import type { Prices } from '../../config/prices.ts';
import type { LiveConfig } from '../../config/live-config.ts';
import type { ActionLog } from '../audit/action-log.ts';
import { protectRoutes } from './auth/authenticate.ts';
import type { VerifyToken } from './auth/verify-token.ts';
import { answerClientError } from './client-error.ts';
import { closeIdleConnections } from './close-idle.ts';
import { correlate, correlationHeader, correlationId } from './correlation.ts';
import { allowOrigins } from './cors.ts';
import { documentErrors } from './document-errors.ts';
import { answerError, answerUnknownPath } from './errors.ts';
import type { Health } from './health/health.ts';
import type { ApiMetrics } from './metrics.ts';
import { describeApi } from './openapi.ts';
import type { Operations } from './operations.ts';
import { readJson } from './read-json.ts';
import { prepareLimits } from './rate-limits.ts';
import { recordActions } from './record-actions.ts';
import { refuseAll } from './refuse-all.ts';
import { aboutRoutes } from './routes/about.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { configurationRoutes } from './routes/configuration.ts';
import { diagnosisRoutes } from './routes/diagnosis.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { hostRoutes } from './routes/hosts.ts';
import { intakeRoutes } from './routes/intake.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { projectRoutes } from './routes/projects.ts';
import { reportRoutes } from './routes/report.ts';
import { wordRoutes } from './routes/words.ts';
import { collectMethods } from './say-methods.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createStreams } from './streams.ts';
import type { ZodApp } from './zod-app.ts';

export interface AppDeps {
  readonly log: Logger;
  readonly metrics: ApiMetrics;
  readonly version: string;
  readonly health: () => Promise<Health>;
  readonly operations: Operations;
  /** Undefined: no key is configured, and everything but health and metrics is closed. */
  readonly verifyToken: VerifyToken | undefined;
  /** Read at each request, so that a reload of the configuration changes them. */
  readonly settings: () => ApiSettings;
  /** Of tokens; read at each request, too. */
  readonly prices: () => Prices | undefined;
  readonly environment: 'production' | 'development';
  /** Where pictures for reports may lie, if a GPU worker shares it. */
  readonly stateFolder: string;
  readonly live: Pick<LiveConfig, 'reload'>;
  readonly actions: ActionLog;
}

/** The API without a port. */
export async function buildApp(deps: AppDeps): Promise<ZodApp> {
  const { metrics, health, verifyToken, settings } = deps;
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app: ZodApp = fastify({
    loggerInstance,
    genReqId: correlationId,
    logController: new LogController({ requestIdLogLabel: 'correlationId' }),
    bodyLimit: settings().limits.bodyBytes,
    // a path that cannot be decoded, for example
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownPath);
  app.addHook('onRequest', async (request, reply) => void reply.header(correlationHeader, request.id));
  app.addHook('onResponse', async (request, reply) => metrics.observe(request, reply));
  correlate(app);
  addSecurityHeaders(app);
  closeIdleConnections(app);
  readJson(app, 'error');

  if (verifyToken) await openApi(app, deps, verifyToken);
  else {
    await app.register(healthRoutes(health));
    await app.register(metricsRoutes(metrics));
    for (const prefix of ['/api', '/admin', '/docs']) await app.register(refuseAll, { prefix });
  }
  return app;
}

/** Order matters: each part sees the routes that come after it. */
async function openApi(app: ZodApp, deps: AppDeps, verifyToken: VerifyToken): Promise<void> {
  const { actions, health, live, metrics, operations, settings, environment, version } = deps;
  const streams = createStreams(() => settings().limits);
  metrics.watchStreams(() => streams.count());
  app.addHook('preClose', async () => streams.closeAll());
  const completeMethods = collectMethods(app);
  await allowOrigins(app, () => settings().cors[environment]);
  const limits = await prepareLimits(app, settings);
  protectRoutes(app, verifyToken, limits);
  recordActions(app, actions);
  documentErrors(app);
  await describeApi(app, version);

  await app.register(healthRoutes(health));
  await app.register(metricsRoutes(metrics));
  await app.register(aboutRoutes);
  await app.register(projectRoutes({ operations, settings, prices: deps.prices }));
  await app.register(diagnosisRoutes(operations));
  await app.register(eventRoutes({ operations, streams, settings }));
  await app.register(reportRoutes({ operations, stateFolder: deps.stateFolder, prices: deps.prices }));
  await app.register(wordRoutes(operations));
  await app.register(bulkRoutes({ operations, settings, actions }));
  await app.register(intakeRoutes(operations));
  await app.register(hostRoutes(operations));
  await app.register(configurationRoutes(live));
  completeMethods();
}
