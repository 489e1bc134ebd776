import { queues } from '../../workflows/goflow/contracts/queues.ts';
import type { Temporal } from './ask-temporal.ts';
import { listHosts } from './list-hosts.ts';
import { viewQueue } from './view-queue.ts';

/** How many tasks of a queue nobody has taken yet, as Temporal estimates it. */
export interface Backlog {
  readonly queue: string;
  readonly kind: 'workflow' | 'activity';
  readonly tasks: number;
}

/** Every queue of ours, and that of each GPU host which is known. */
export async function viewBacklogs(temporal: Temporal): Promise<readonly Backlog[]> {
  const [workflows, io, { shared, hosts }] = await Promise.all([
    viewQueue(temporal, queues.workflows, 'workflow'),
    viewQueue(temporal, queues.io),
    listHosts(temporal, { countImages: false }),
  ]);
  const activities = [io, shared, ...hosts].map(
    ({ queue, backlog }) => ({ queue, kind: 'activity', tasks: backlog }) as const,
  );
  return [{ queue: workflows.queue, kind: 'workflow', tasks: workflows.backlog }, ...activities];
}
