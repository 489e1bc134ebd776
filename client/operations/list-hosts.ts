import { isGrpcServiceError } from '@temporalio/client';
import { queues } from '../../workflows/goflow/contracts/queues.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { RefusedError } from './errors.ts';
import { listProjects } from './list-projects.ts';
import { queryProgress } from './query-progress.ts';
import { isPolled, type QueueView, viewQueue } from './view-queue.ts';

export interface HostView extends QueueView {
  readonly host: string;
  readonly alive: boolean;
  /** Images of running projects that this host holds. */
  readonly imagesStaged: number;
}

export interface HostsView {
  readonly shared: QueueView;
  readonly hosts: readonly HostView[];
  /** Running projects that could not be asked: their images are not counted. */
  readonly unanswered: readonly string[];
}

const maxProjects = 200;
const nothingCounted = { byHost: new Map<string, number>(), unanswered: [] };

/**
 * The GPU hosts. Temporal has no list of queues, so a host is known by its worker's name among those who ask for
 * images, by the heartbeats of its worker, which begin a minute after its start, or by an image that a running project
 * has there.
 *
 * @param countImages false: projects are not asked, for whoever looks often
 */
export async function listHosts(temporal: Temporal, { countImages = true } = {}): Promise<HostsView> {
  const [shared, fromHeartbeats, staged] = await Promise.all([
    viewQueue(temporal, queues.gpu),
    hostsWithHeartbeat(temporal),
    countImages ? imagesByHost(temporal) : nothingCounted,
  ]);
  const names = [...new Set([...hostsAmong(shared), ...fromHeartbeats, ...staged.byHost.keys()])].sort();
  const hosts = names.map(async (host): Promise<HostView> => {
    const view = await viewQueue(temporal, queues.gpuHost(host));
    return { host, alive: isPolled(view), imagesStaged: staged.byHost.get(host) ?? 0, ...view };
  });
  return { shared, hosts: await Promise.all(hosts), unanswered: staged.unanswered };
}

/** Workers call themselves `ROLE HOST PID-...`. */
const hostsAmong = ({ pollers }: QueueView) =>
  pollers.flatMap(({ identity }) => /^(?:gpu|all) (\S+) /.exec(identity)?.[1] ?? []);

async function imagesByHost(temporal: Temporal) {
  const byHost = new Map<string, number>();
  const unanswered: string[] = [];
  const projects = await listProjects(temporal, { open: true, limit: maxProjects });
  const asked = projects.map(async (project) => {
    const { progress } = await queryProgress(temporal, project);
    if (!progress) unanswered.push(project.projectId);
    for (const { host } of progress?.media ?? []) if (host !== undefined) byHost.set(host, (byHost.get(host) ?? 0) + 1);
  });
  await Promise.all(asked);
  return { byHost, unanswered };
}

/** Servers before 1.29 know no heartbeats of workers: their hosts are seen once they have an image. */
async function hostsWithHeartbeat(temporal: Temporal): Promise<string[]> {
  const { client, namespace } = temporal;
  const prefix = queues.gpuHost('');
  const query = `TaskQueue STARTS_WITH '${prefix}'`;
  const hosts: string[] = [];
  const collect = async () => {
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await client.workflowService.listWorkers({ namespace, query, nextPageToken });
      for (const { workerHeartbeat } of page.workersInfo) hosts.push(workerHeartbeat?.taskQueue ?? '');
      ({ nextPageToken } = page);
    } while (nextPageToken.length > 0);
  };
  await askTemporal(temporal, collect).catch((error: unknown) => {
    if (!(error instanceof RefusedError || isGrpcServiceError(error))) throw error;
  });
  return hosts.filter((queue) => queue.startsWith(prefix)).map((queue) => queue.slice(prefix.length));
}
