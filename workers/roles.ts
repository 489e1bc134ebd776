import { Worker, type WorkerOptions } from '@temporalio/worker';
import { queues } from '../workflows/goflow/contracts/queues.ts';
import type { Need } from '../config/environment.ts';
import { correlateActivity } from './correlation.ts';
import { buildGpu, buildIo, ioSlots } from './deps.ts';
import type { Foundation } from './foundation.ts';
import { loadWorkflowBundle } from './workflow-bundle.ts';

export type Role = 'orchestrator' | 'io' | 'gpu' | 'all';
type PartName = 'workflows' | 'io' | 'gpu';

/** A part of a process that runs: its workers and what they stand on. */
export interface Part {
  readonly workers: readonly PartWorker[];
  /** Called when the process is asked to end; its workers are stopped once this has resolved. */
  leave?(graceMs: number): Promise<void>;
  readonly health?: () => { readonly name: string; readonly isHealthy: boolean; readonly detail: string };
  close(): Promise<void>;
}

export interface PartWorker {
  readonly worker: Worker;
  readonly queue: string;
  readonly kind: 'workflow' | 'activity';
  /** Polls only while it has room: not a sign of being ready. */
  readonly pollsOnDemand?: boolean;
}

/** What each role runs, and what of the environment it cannot do without. */
export const roles: Record<Role, { readonly parts: readonly PartName[]; readonly needs: readonly Need[] }> = {
  orchestrator: { parts: ['workflows'], needs: [] },
  io: { parts: ['io'], needs: ['goflow'] },
  gpu: { parts: ['gpu'], needs: ['media'] },
  all: { parts: ['workflows', 'io', 'gpu'], needs: ['goflow', 'media'] },
};

export const isRole = (text: string | undefined): text is Role => text !== undefined && Object.hasOwn(roles, text);

export interface PartContext {
  readonly foundation: Foundation;
  readonly searchAttributes: boolean;
}

/** A dead worker's sticky queue is waited for: 10 s by default, far too long for a restart. */
const stickyQueueScheduleToStartTimeout = '1s';
/** More than can ever be outstanding on one host. */
const hostSlots = 1_000;
/** After the grace period, before the process ends anyway. */
const forceAfterGraceMs = 10_000;

export const startPart: Record<PartName, (context: PartContext) => Promise<Part>> = {
  async workflows({ foundation }) {
    const worker = await Worker.create({
      ...common(foundation),
      taskQueue: queues.workflows,
      workflowBundle: await loadWorkflowBundle(foundation.log),
      stickyQueueScheduleToStartTimeout,
    });
    return { workers: [{ worker, queue: queues.workflows, kind: 'workflow' }], close: () => Promise.resolve() };
  },

  async io({ foundation, searchAttributes }) {
    const io = buildIo(foundation, searchAttributes);
    const worker = await Worker.create({
      ...common(foundation),
      taskQueue: queues.io,
      activities: io.activities,
      maxConcurrentActivityTaskExecutions: ioSlots,
      // a cancellation comes back with a heartbeat, and must reach the socket within 2 s
      maxHeartbeatThrottleInterval: '1s',
    });
    return { workers: [{ worker, queue: queues.io, kind: 'activity' }], close: () => io.close() };
  },

  async gpu({ foundation }) {
    const gpu = await buildGpu(foundation);
    const { host, staging, onHost } = gpu;
    const fixed = { type: 'fixed-size' as const, numSlots: 1 };
    const stagingWorker = await Worker.create({
      ...common(foundation),
      taskQueue: queues.gpu,
      activities: staging,
      // one poller: with several, one host would take a whole burst
      maxConcurrentActivityTaskPolls: 1,
      maxHeartbeatThrottleInterval: '5s',
      tuner: {
        activityTaskSlotSupplier: host.admission.supplier,
        workflowTaskSlotSupplier: fixed,
        localActivityTaskSlotSupplier: fixed,
        nexusTaskSlotSupplier: fixed,
      },
    });
    const queue = queues.gpuHost(host.name);
    const hostWorker = await Worker.create({
      ...common(foundation),
      taskQueue: queue,
      activities: onHost,
      maxConcurrentActivityTaskExecutions: hostSlots,
      maxHeartbeatThrottleInterval: '5s',
    });
    return {
      workers: [
        { worker: stagingWorker, queue: queues.gpu, kind: 'activity', pollsOnDemand: true },
        { worker: hostWorker, queue, kind: 'activity' },
      ],
      async leave(graceMs) {
        stagingWorker.shutdown();
        await host.leave(graceMs);
      },
      health: () => ({
        name: `gpu host ${host.name}`,
        isHealthy: host.health.problem === undefined,
        detail:
          host.health.problem ??
          `${host.lanes.busy} of ${host.lanes.total} lanes busy, ${host.places.taken} images staged`,
      }),
      close: () => gpu.close(),
    };
  },
};

const common = ({ connection, namespace, config, predecessors }: Foundation) => {
  const graceMs = config.environment.GF25_SHUTDOWN_SECONDS * 1000;
  return {
    connection,
    namespace,
    identity: predecessors.identity,
    interceptors: { activity: [correlateActivity] },
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + forceAfterGraceMs,
  } satisfies Partial<WorkerOptions>;
};
