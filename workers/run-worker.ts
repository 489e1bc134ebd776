import type { Logger } from 'pino';
import { ensureIntakeSchedule, ensureSearchAttributes } from '../client/operations/prepare-namespace.ts';
import type { Config } from '../config/load.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { startHealthServer } from './health-server.ts';
import { type Part, type PartWorker, type Role, roles, startPart } from './roles.ts';
import { installRuntime } from './telemetry.ts';

/** A role that runs in this process. */
export interface RunningWorker {
  /** Rejects when a worker dies by itself, resolves once everything has ended. */
  readonly ended: Promise<void>;
  /** Takes no more work, lets what runs end within the grace period, closes everything. */
  stop(): Promise<void>;
}

const lookAgainMs = 50;
const patienceMs = 15_000;

/**
 * Starts a role and resolves once every poller runs.
 *
 * @param load reads the configuration anew
 */
export async function runWorker(role: Role, config: Config, log: Logger, load: () => Config): Promise<RunningWorker> {
  installRuntime(log);
  const foundation = await layFoundation(labelOf(role, config), config, log, load);
  const parts: Part[] = [];
  try {
    const searchAttributes = await prepare(role, foundation);
    for (const name of roles[role].parts) parts.push(await startPart[name]({ foundation, searchAttributes }));
    const port = config.environment.GF25_WORKER_PORT;
    const healthServer = port === undefined ? undefined : await startHealthServer(port, foundation, parts);
    const workers = parts.flatMap((part) => part.workers);
    const graceMs = config.environment.GF25_SHUTDOWN_SECONDS * 1000;
    let isShuttingDown = false;
    const shutDown = () => {
      if (isShuttingDown) return;
      isShuttingDown = true;
      for (const part of parts) void shutDownPart(part, graceMs);
    };
    const ended = runAll(workers, shutDown).finally(async () => {
      await healthServer?.close();
      await close(foundation, parts);
    });
    await Promise.race([untilPolling(foundation, workers), ended]);
    await foundation.predecessors.handBack(foundation.client);
    return {
      ended,
      stop: async () => {
        shutDown();
        await ended;
      },
    };
  } catch (error) {
    await close(foundation, parts);
    throw error;
  }
}

const labelOf = (role: Role, { environment }: Config) =>
  roles[role].parts.includes('gpu') ? `${role} ${environment.gpuHost}` : role;

/** What a namespace needs is made when it is missing, by whoever starts first. */
async function prepare(role: Role, { client, namespace, config, log }: Foundation): Promise<boolean> {
  const searchAttributes = await ensureSearchAttributes(client, namespace);
  if (!searchAttributes)
    log.warn('search attributes cannot be registered here: projects run without columns and filters');
  if (roles[role].parts.includes('io'))
    await ensureIntakeSchedule(client, { windowMs: config.settings.intake.windowMinutes * 60_000 });
  return searchAttributes;
}

async function shutDownPart(part: Part, graceMs: number): Promise<void> {
  await part.leave?.(graceMs);
  for (const { worker } of part.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

/** One worker that dies takes the others with it: half a process would look alive and do nothing. */
async function runAll(workers: readonly PartWorker[], shutDown: () => void): Promise<void> {
  const runs = workers.map(({ worker }) =>
    worker.run().catch((error: unknown) => {
      shutDown();
      throw error;
    }),
  );
  const results = await Promise.allSettled(runs);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The server itself says who polls. */
async function untilPolling({ client, namespace, log }: Foundation, workers: readonly PartWorker[]): Promise<void> {
  const startedAtMs = Date.now();
  let hasWarned = false;
  for (const { worker, queue, kind, pollsOnDemand } of workers) {
    if (pollsOnDemand) continue;
    // temporal.api.enums.v1.TaskQueueType
    const taskQueueType = (kind === 'workflow' ? 1 : 2) as never;
    while (worker.getState() === 'RUNNING') {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType,
      });
      if (pollers.some(({ identity }) => identity === worker.options.identity)) break;
      if (!hasWarned && Date.now() - startedAtMs > patienceMs) {
        hasWarned = true;
        log.warn({ queue }, 'the server does not see this worker polling yet');
      }
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }
}

async function close(foundation: Foundation, parts: readonly Part[]): Promise<void> {
  for (const part of parts) await part.close();
  await foundation.close();
}
