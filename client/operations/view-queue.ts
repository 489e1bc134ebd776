import { askTemporal, type Temporal } from './ask-temporal.ts';
import { toIso } from './timestamp.ts';

export interface QueueView {
  readonly queue: string;
  /** Tasks that nobody has taken yet; on the shared queue: images that no host has room for. */
  readonly backlog: number;
  readonly pollers: readonly { readonly identity: string; readonly lastSeen: string; readonly alive: boolean }[];
}

/** A poll of a live worker lasts up to a minute, and its heartbeats are a minute apart. */
const aliveWithinMs = 75_000;
export const wasHeardLately = (iso: string): boolean => Date.now() - Date.parse(iso) < aliveWithinMs;
/** temporal.api.enums.v1.TaskQueueType */
const taskTypes = { workflow: 1 as never, activity: 2 as never };

/** A task queue, and who asks it for work. */
export async function viewQueue(
  temporal: Temporal,
  queue: string,
  type: keyof typeof taskTypes = 'activity',
): Promise<QueueView> {
  const { client, namespace } = temporal;
  const { pollers, stats } = await askTemporal(temporal, () =>
    client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType: taskTypes[type],
      reportStats: true,
    }),
  );
  return {
    queue,
    backlog: Number(stats?.approximateBacklogCount ?? 0),
    pollers: pollers.map(({ identity, lastAccessTime }) => {
      const lastSeen = toIso(lastAccessTime ?? {});
      return { identity: identity ?? '', lastSeen, alive: wasHeardLately(lastSeen) };
    }),
  };
}

/** Whether a worker is there that asks for work. */
export const isPolled = ({ pollers }: Pick<QueueView, 'pollers'>): boolean => pollers.some(({ alive }) => alive);
