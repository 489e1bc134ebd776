import { createLiveConfig } from '../../config/live-config.ts';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { createLogger } from '../../config/logger.ts';
import { onStopSignals } from '../../config/stop-signals.ts';
import { readVersion } from '../../config/version.ts';
import type { Environment } from '../../config/environment.ts';
import { openActionLog } from '../audit/action-log.ts';
import { buildApp } from './app.ts';
import { createVerifyToken, type TokenSettings } from './auth/verify-token.ts';
import { createChecks } from './health/checks.ts';
import { createHealth } from './health/health.ts';
import { createLateTemporal } from './late-temporal.ts';
import { createApiMetrics } from './metrics.ts';
import { bindOperations } from './operations.ts';

/** `node --import tsx client/http/server.ts`: runs until SIGTERM or SIGINT; a second one ends it at once. */
async function main(): Promise<void> {
  const load = () => loadConfig(['callers']);
  const config = load();
  const { environment, endpoints, redact } = config;
  const { GF25_LOG_LEVEL: level, GF25_API_HOST: host, GF25_API_PORT: port, GF25_STATE_DIR: stateFolder } = environment;
  const log = createLogger({ level, redact, base: { role: 'api', pid: process.pid }, pretty: process.stderr.isTTY });
  const version = readVersion();
  const metrics = createApiMetrics(version);
  const live = createLiveConfig({ first: config, load, log, onReload: (reloaded) => metrics.noteReload(reloaded) });
  const temporal = createLateTemporal(config.temporal);
  const operations = bindOperations(() => temporal.get());
  const configuration = () => ({ ...live.state, definitions: live.current.definitions.bySlug.size });
  const checks = createChecks({ checkTemporal: () => temporal.check(), operations, stateFolder, configuration });
  const actions = openActionLog({
    ...{ stateFolder, redact },
    onLost: (record, error) => {
      metrics.noteLostRecord();
      log.error({ err: error, record }, 'what an operator did is not in the audit');
    },
  });
  metrics.watchConfiguration(() => live.state);
  metrics.watchBacklogs(() => operations.viewBacklogs());
  const app = await buildApp({
    ...{ log, actions, operations, version, metrics },
    health: createHealth(checks, (name, error) => log.warn({ err: error, name }, 'a component does not answer')),
    verifyToken: createVerifyToken(tokenSettings(environment), endpoints.api.auth),
    settings: () => live.current.endpoints.api,
    prices: () => live.current.settings.vision.prices,
    environment: environment.GF25_ENV,
    stateFolder,
    live,
  });

  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, 'shutting down');
    live.close();
    await app.close();
    await actions.close();
    await temporal.close();
    process.exit(0);
  };
  onStopSignals(
    ['SIGTERM', 'SIGINT'],
    (signal) => void stop(signal),
    () => process.exit(1),
  );

  await app.listen({ host, port });
  process.stdout.write('ready api\n');
}

const tokenSettings = (environment: Environment): TokenSettings => ({
  secret: environment.GF25_JWT_SECRET,
  jwksUrl: environment.GF25_JWT_JWKS_URL,
  issuer: environment.GF25_JWT_ISSUER,
  audience: environment.GF25_JWT_AUDIENCE,
});

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(2);
});
