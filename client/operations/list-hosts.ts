import { isGrpcServiceError } from '@temporalio/client';
import pLimit from 'p-limit';
import { queues } from '../../workflows/goflow/contracts/queues.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { RefusedError } from './errors.ts';
import { listProjects } from './list-projects.ts';
import { queryProgress } from './query-progress.ts';
import { type Timestamp, toIso } from './timestamp.ts';
import { type QueueView, viewQueue, wasHeardLately } from './view-queue.ts';

export interface HostView extends QueueView {
  readonly host: string;
  /** It was heard lately. */
  readonly alive: boolean;
  /** ISO 8601 in UTC: its last poll or heartbeat that Temporal knows of; a restarted server knows of none at first. */
  readonly lastHeard?: string;
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
/** More questions at once keep each other from being answered: an orchestrator replays a history for each. */
const questionsAtOnce = 4;
/** For all of them: whoever asks for hosts has a terminal before them. */
const countWithinMs = 10_000;
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
  const names = [...new Set([...hostsAmong(shared), ...fromHeartbeats.keys(), ...staged.byHost.keys()])].sort();
  const hosts = names.map(async (host): Promise<HostView> => {
    const view = await viewQueue(temporal, queues.gpuHost(host));
    const signs = [...view.pollers.map(({ lastSeen }) => lastSeen), fromHeartbeats.get(host) ?? ''];
    const lastHeard = signs.sort().at(-1) || undefined;
    return {
      ...{ host, alive: lastHeard !== undefined && wasHeardLately(lastHeard), ...(lastHeard && { lastHeard }) },
      ...{ imagesStaged: staged.byHost.get(host) ?? 0, ...view },
    };
  });
  return { shared, hosts: await Promise.all(hosts), unanswered: staged.unanswered };
}

/** What is used of a heartbeat. */
interface Heartbeat {
  readonly taskQueue?: string | null;
  readonly status?: number | null;
  readonly heartbeatTime?: Timestamp | null;
}

/** temporal.api.enums.v1.WorkerStatus */
const running = 1;

/** Workers call themselves `ROLE HOST PID-...`. */
const hostsAmong = ({ pollers }: QueueView) =>
  pollers.flatMap(({ identity }) => /^(?:gpu|all) (\S+) /.exec(identity)?.[1] ?? []);

async function imagesByHost(temporal: Temporal) {
  const byHost = new Map<string, number>();
  const unanswered: string[] = [];
  const projects = await listProjects(temporal, { open: true, limit: maxProjects });
  const limit = pLimit(questionsAtOnce);
  const untilMs = Date.now() + countWithinMs;
  const asked = limit.map(projects, async (project) => {
    const withinMs = untilMs - Date.now();
    const { progress } = withinMs > 0 ? await queryProgress(temporal, project, { withinMs }) : {};
    if (!progress) unanswered.push(project.projectId);
    for (const { host } of progress?.media ?? []) if (host !== undefined) byHost.set(host, (byHost.get(host) ?? 0) + 1);
  });
  await asked;
  return { byHost, unanswered };
}

/**
 * Hosts by the last heartbeat of their worker; empty of one that has said goodbye. Servers before 1.29 know no heartbeats
 * of workers: their hosts are seen once they have an image.
 */
async function hostsWithHeartbeat(temporal: Temporal): Promise<Map<string, string>> {
  const { client, namespace } = temporal;
  const prefix = queues.gpuHost('');
  const query = `TaskQueue STARTS_WITH '${prefix}'`;
  const hosts = new Map<string, string>();
  const note = ({ taskQueue, status, heartbeatTime }: Heartbeat) => {
    if (!taskQueue?.startsWith(prefix)) return;
    const host = taskQueue.slice(prefix.length);
    const at = status === running && heartbeatTime ? toIso(heartbeatTime) : '';
    // its predecessors are in the list, too
    if (at >= (hosts.get(host) ?? '')) hosts.set(host, at);
  };
  const collect = async () => {
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await client.workflowService.listWorkers({ namespace, query, nextPageToken });
      for (const { workerHeartbeat } of page.workersInfo) if (workerHeartbeat) note(workerHeartbeat);
      ({ nextPageToken } = page);
    } while (nextPageToken.length > 0);
  };
  await askTemporal(temporal, collect).catch((error: unknown) => {
    if (!(error instanceof RefusedError || isGrpcServiceError(error))) throw error;
  });
  return hosts;
}
