import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createMetrics, type Metrics } from '../activities/shared/metrics.ts';
import type { RecordAttempt } from '../activities/shared/attempt.ts';
import { createPlanStore, type PlanStore } from '../activities/shared/plan-store.ts';
import type { ProjectDirectory } from '../activities/shared/project-directory.ts';
import { createLiveConfig, type LiveConfig, type LiveConfigState, type Reloaded } from '../config/live-config.ts';
import { TemporalUnreachableError } from '../config/temporal.ts';
import type { Config } from '../config/load.ts';
import { readVersion } from '../config/version.ts';
import { createProjectDirectory } from './project-directory.ts';
import { createRecordAttempt } from './record-attempt.ts';
import { type Predecessors, registerProcess } from './predecessors.ts';

/** What every role of a process stands on. */
export interface Foundation {
  /** As it was at the start: addresses, lanes, times. */
  readonly config: Config;
  /** As it is now: what plans and intake are made of. */
  readonly live: LiveConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  readonly predecessors: Predecessors;
  readonly directory: ProjectDirectory;
  readonly plans: PlanStore;
  readonly recordAttempt: RecordAttempt;
  close(): Promise<void>;
}

/**
 * @param load reads the configuration anew
 * @throws {TemporalUnreachableError}
 */
export async function layFoundation(
  label: string,
  config: Config,
  log: Logger,
  load: () => Config,
): Promise<Foundation> {
  const { connectionOptions, namespace, address } = config.temporal;
  // without TLS the server is near: packing every call would cost both sides more than it saves
  const grpcCompression = { codec: connectionOptions.tls ? 'gzip' : 'none' } as const;
  const connection = await NativeConnection.connect({ ...connectionOptions, grpcCompression }).catch(
    (error: unknown) => {
      throw new TemporalUnreachableError(address, error);
    },
  );
  const client = new Client({ connection, namespace });
  const directory = createProjectDirectory(client);
  const folder = join(config.environment.GF25_STATE_DIR, 'processes');
  const predecessors = await registerProcess(folder, label, log);
  const metrics = createMetrics();
  metrics.buildInfo.set({ version: readVersion(), node: process.version }, 1);
  const live = createLiveConfig({ first: config, load, log, onReload: (reloaded) => note(metrics, reloaded) });
  showVersion(metrics, live.state);
  return {
    config,
    live,
    log,
    metrics,
    connection,
    client,
    namespace,
    predecessors,
    directory,
    plans: createPlanStore(directory),
    recordAttempt: createRecordAttempt(client, namespace),
    async close() {
      live.close();
      await predecessors.close();
      await connection.close();
    },
  };
}

function note(metrics: Metrics, reloaded: Reloaded): void {
  metrics.configReloads.inc({ outcome: reloaded.outcome });
  showVersion(metrics, reloaded);
}

/** One hash at a time. */
function showVersion({ configVersion }: Metrics, { hash, version }: LiveConfigState): void {
  configVersion.reset();
  configVersion.set({ hash: hash.slice(0, 12) }, version);
}
