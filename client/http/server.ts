import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { createLogger } from '../../config/logger.ts';
import { projectRoot } from '../../config/project-root.ts';
import { onStopSignals } from '../../config/stop-signals.ts';
import { buildApp } from './app.ts';
import { createLateTemporal } from './late-temporal.ts';
import { createApiMetrics } from './metrics.ts';

/** `node --import tsx client/http/server.ts`: runs until SIGTERM or SIGINT; a second one ends it at once. */
async function main(): Promise<void> {
  const { environment, temporal: target, redact } = loadConfig([]);
  const { GF25_LOG_LEVEL: level, GF25_API_HOST: host, GF25_API_PORT: port } = environment;
  const log = createLogger({ level, redact, base: { role: 'api', pid: process.pid }, pretty: process.stderr.isTTY });
  const temporal = createLateTemporal(target);
  const app = buildApp({ log, checkTemporal: () => temporal.check(), metrics: createApiMetrics(readVersion()) });

  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, 'shutting down');
    await app.close();
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

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(2);
});
