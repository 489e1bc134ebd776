import { restrictDecoders } from '../activities/images/decoders.ts';
import { TemporalUnreachableError } from '../config/temporal.ts';
import { createLogger } from '../config/logger.ts';
import { ConfigError, loadConfig } from '../config/load.ts';
import { openStateFolder } from '../config/state-folder.ts';
import { onStopSignals } from '../config/stop-signals.ts';
import { isRole, roles } from './roles.ts';
import { runWorker } from './run-worker.ts';

/** `node --import tsx workers/main.ts ROLE`: runs until SIGTERM or SIGINT; a second one ends it at once. */
async function main(): Promise<number> {
  const role = process.argv[2];
  if (!isRole(role)) {
    process.stderr.write(`usage: worker ROLE, where ROLE is ${Object.keys(roles).join(', ')}\n`);
    return 2;
  }
  const load = () => loadConfig(roles[role].needs);
  const config = load();
  const { GF25_LOG_LEVEL: level } = config.environment;
  const log = createLogger({
    level,
    redact: config.redact,
    base: { role, pid: process.pid },
    pretty: process.stderr.isTTY,
  });
  restrictDecoders();
  await openStateFolder(config.environment.GF25_STATE_DIR);

  let stop: (() => Promise<void>) | undefined;
  const shutDown = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'shutting down');
    // the main flow waits for the end and reports what goes wrong
    if (stop) stop().catch(() => undefined);
    else process.exit(0);
  };
  onStopSignals(['SIGTERM', 'SIGINT'], shutDown, () => process.exit(1));

  try {
    const worker = await runWorker(role, config, log, load);
    stop = () => worker.stop();
    process.stdout.write(`ready ${role}\n`);
    await worker.ended;
    log.info('ended');
    return 0;
  } catch (error) {
    if (error instanceof TemporalUnreachableError)
      log.fatal(
        { cause: String(error.cause) },
        `${error.message}: start it, or name another one with TEMPORAL_ADDRESS`,
      );
    else log.fatal({ err: error, temporal: config.temporal.address }, 'the worker cannot go on');
    return 1;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
