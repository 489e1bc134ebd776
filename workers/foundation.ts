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
import { openRestartJournal, type RestartJournal } from './restart-journal.ts';
import type { TemporalTarget } from '../config/temporal.ts';
import { join } from 'node:path';

/** What every role of a process stands on. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  readonly journal: RestartJournal;
  readonly directory: ProjectDirectory;
  readonly plans: PlanStore;
  readonly recordAttempt: RecordAttempt;
  close(): Promise<void>;
}

export async function layFoundation(config: Config, target: TemporalTarget, log: Logger): Promise<Foundation> {
  const connection = await NativeConnection.connect(target.connectionOptions);
  const { namespace } = target;
  const client = new Client({ connection, namespace });
  const directory = createProjectDirectory(client);
  const journal = await openRestartJournal(join(config.environment.GF25_STATE_DIR, 'journal'), log);
  return {
    config,
    log,
    metrics: createMetrics(),
    connection,
    client,
    namespace,
    journal,
    directory,
    plans: createPlanStore(directory),
    recordAttempt: createRecordAttempt(client, namespace),
    async close() {
      await journal.close();
      await connection.close();
    },
  };
}
