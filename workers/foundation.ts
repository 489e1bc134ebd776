import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createMetrics, type Metrics } from '../activities/shared/metrics.ts';
import type { RecordAttempt } from '../activities/shared/attempt.ts';
import { createPlanStore, type PlanStore } from '../activities/shared/plan-store.ts';
import type { ProjectDirectory } from '../activities/shared/project-directory.ts';
import type { Config } from '../config/load.ts';
import { createProjectDirectory } from './project-directory.ts';
import { createRecordAttempt } from './record-attempt.ts';
import { type Predecessors, registerProcess } from './predecessors.ts';

/** What every role of a process stands on. */
export interface Foundation {
  readonly config: Config;
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

export async function layFoundation(label: string, config: Config, log: Logger): Promise<Foundation> {
  const { connectionOptions, namespace } = config.temporal;
  const connection = await NativeConnection.connect(connectionOptions);
  const client = new Client({ connection, namespace });
  const directory = createProjectDirectory(client);
  const folder = join(config.environment.GF25_STATE_DIR, 'processes');
  const predecessors = await registerProcess(folder, label, log);
  return {
    config,
    log,
    metrics: createMetrics(),
    connection,
    client,
    namespace,
    predecessors,
    directory,
    plans: createPlanStore(directory),
    recordAttempt: createRecordAttempt(client, namespace),
    async close() {
      await predecessors.close();
      await connection.close();
    },
  };
}
