import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterEach, expect, inject } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../config/load.ts';
import { createLogger } from '../../config/logger.ts';
import { projectRoot } from '../../config/project-root.ts';
import { merge } from '../../config/settings.ts';
import { type Role, roles } from '../../workers/roles.ts';
import { type RunningWorker, runWorker } from '../../workers/run-worker.ts';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import { progressQuery } from '../../workflows/goflow/contracts/messages.ts';
import type { Progress } from '../../workflows/goflow/contracts/progress.ts';
import type { ProjectResult } from '../../workflows/goflow/contracts/project.ts';
import { buildJob, type BuildJobOptions, type Job } from '../stand-ins/goflow/job.ts';
import { type GoflowStandIn, type GoflowStandInOptions, startGoflowStandIn } from '../stand-ins/goflow/stand-in.ts';
import type { VisionStandInOptions } from '../stand-ins/vision/options.ts';
import { startVisionStandIn, type VisionStandIn } from '../stand-ins/vision/server.ts';
import { findSecret } from './canary.ts';
import { createNamespace } from './namespace.ts';
import { recordFolder, recordHistories } from './record-histories.ts';
import { compiled } from '../../tools/local/compiled.ts';
import { type StartedProcess, startProcess } from '../../tools/local/processes.ts';
import { until } from './wait.ts';

export interface SiteOptions {
  readonly goflow?: GoflowStandInOptions;
  /** One GPU host each; the lanes of a host are the slots of its vision server. Default: one host with 4. */
  readonly hosts?: readonly VisionStandInOptions[];
  /** Merged over gf25.yaml and over the quick times of tests. */
  readonly settings?: object;
  /** Merged over api_endpoints.yaml. */
  readonly endpoints?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** Besides GoFlow's key: found nowhere when the site closes. */
  readonly secrets?: readonly string[];
  /** Of a Temporal server that the scenario has for itself. Default: the one that all share. */
  readonly temporalAddress?: string;
  /** False: the test starts its workers itself. */
  readonly start?: boolean;
}

export interface SiteHost {
  readonly name: string;
  readonly lanes: number;
  readonly vision: VisionStandIn;
}

/** GoFlow, vision servers, a Temporal namespace and our workers: everything real but the three stand-ins. */
export interface Site {
  readonly goflow: GoflowStandIn;
  readonly hosts: readonly SiteHost[];
  readonly client: Client;
  readonly namespace: string;
  readonly stateFolder: string;
  /** What a process of this site needs in its environment. */
  environment(host?: SiteHost): Record<string, string>;
  /** A role in this process. */
  startRole(role: Role, host?: SiteHost): Promise<RunningWorker>;
  /** A role in a process of its own, for what only a process can suffer. */
  spawnRole(role: Role, host?: SiteHost): Promise<StartedProcess>;
  /** Puts a job into GoFlow's queue. */
  enqueue(options: BuildJobOptions): Job;
  project(job: Job): WorkflowHandle;
  progress(job: Job): Promise<Progress>;
  untilPhase(job: Job, phase: Progress['phase'], timeoutMs?: number): Promise<Progress>;
  /** Resolves when the project's workflow has completed; throws when it failed. */
  finished(job: Job): Promise<ProjectResult>;
  /** What the workers in this process have logged. */
  log(): string;
  /** Ends everything and checks what must hold after every scenario. */
  close(): Promise<void>;
}

/** Quick enough for tests; what a scenario is about it sets itself. */
const quick = {
  intake: { pollIntervalSeconds: 0.3 },
  goflow: { slowRetrySeconds: 1 },
  vision: { healthIntervalSeconds: 0.5 },
};

const open = new Set<Site>();

/** A scenario that does not close its site leaks workers and sockets into the next one. */
afterEach(async ({ task }) => {
  const leaked = [...open];
  await Promise.all(leaked.map((site) => site.close().catch(() => undefined)));
  // a scenario that failed did not get as far as closing
  if (task.result?.state !== 'fail') expect(leaked.length, 'sites that the scenario left open').toBe(0);
});

export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const address = options.temporalAddress ?? inject('temporalAddress');
  const apiKey = `canary-${randomUUID()}`;
  const [namespace, goflow, stateFolder, hosts] = await Promise.all([
    createNamespace(address),
    startGoflowStandIn({ apiKey, ...options.goflow }),
    mkdtemp(join(tmpdir(), 'gf25-test-')),
    Promise.all((options.hosts ?? [{ slots: 4 }]).map(startHost)),
  ]);
  const overlay = join(stateFolder, 'overlay.yaml');
  await writeFile(overlay, stringify(merge(quick, options.settings ?? {})));
  const configFolder = await writeConfig(stateFolder, options.endpoints);

  const lines: string[] = [];
  const workers: RunningWorker[] = [];
  const processes: StartedProcess[] = [];
  const environment = (host = hosts[0]) => ({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace.name,
    GF25_ENV: 'development',
    GF25_STATE_DIR: join(stateFolder, host?.name ?? 'io'),
    GF25_CONFIG_DIR: configFolder,
    GF25_CONFIG_OVERLAY: overlay,
    GOFLOW_BASE_URL: goflow.url,
    GOFLOW_API_KEY: apiKey,
    ...(host && { GF25_GPU_HOST: host.name, GF25_VISION_URL: host.vision.url, GF25_LANES: String(host.lanes) }),
    ...options.env,
  });

  const site: Site = {
    goflow,
    hosts,
    client: namespace.client,
    namespace: namespace.name,
    stateFolder,
    environment,
    async startRole(role, host) {
      const env = environment(host);
      const load = () => loadConfig(roles[role].needs, env);
      const config = load();
      const destination = { write: (line: string) => void lines.push(line) };
      const log = createLogger({ level: 'info', redact: config.redact, base: { role }, pretty: false, destination });
      const worker = await runWorker(role, config, log, load);
      workers.push(worker);
      return worker;
    },
    async spawnRole(role, host) {
      const started = await startProcess(compiled('workers/main.ts'), [role], environment(host));
      processes.push(started);
      return started;
    },
    enqueue(jobOptions) {
      const job = buildJob({ seed: randomUUID(), ...jobOptions });
      goflow.enqueue(job);
      return job;
    },
    project: (job) => namespace.client.workflow.getHandle(projectWorkflowId(job.project.id)),
    progress: (job) => site.project(job).query(progressQuery),
    untilPhase: (job, phase, timeoutMs = 30_000) =>
      until(
        `project in phase ${phase}`,
        async () => {
          const progress = await site.progress(job);
          if (progress.phase !== phase) throw new Error(JSON.stringify(progress));
          return progress;
        },
        { timeoutMs },
      ),
    async finished(job) {
      await until('the project has started', () => site.project(job).describe(), { timeoutMs: 60_000 });
      return (await site.project(job).result()) as ProjectResult;
    },
    log: () => lines.join(''),
    async close() {
      open.delete(site);
      await Promise.all(workers.map((worker) => worker.stop()));
      for (const started of processes) started.kill('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
      const output = processes.map((started) => started.output()).join('');
      const places = {
        texts: { log: lines.join(''), output },
        folder: stateFolder,
        client: namespace.client,
        namespace: namespace.name,
      };
      const leaks: string[] = [];
      for (const secret of [apiKey, ...(options.secrets ?? [])]) leaks.push(...(await findSecret(secret, places)));
      if (recordFolder !== undefined) await recordHistories(namespace.client, recordFolder);
      await Promise.all([goflow.close(), namespace.close(), ...hosts.map(({ vision }) => vision.close())]);
      await rm(stateFolder, { recursive: true, force: true });
      expect(leaks, 'places where a secret was found').toEqual([]);
      for (const { vision, lanes, name } of hosts) {
        const { maxInFlight, aborted } = vision.stats();
        // a server sees later than we that a call was left: the next one may be there already
        const leaving = aborted > 0 ? lanes : 0;
        expect(maxInFlight, `calls at once at ${name}`).toBeLessThanOrEqual(lanes + leaving);
      }
    },
  };
  open.add(site);
  if (options.start !== false) await startAll(site);
  return site;
}

/** The configuration that we ship, with other endpoints where the scenario asks for them. */
async function writeConfig(stateFolder: string, endpoints: object | undefined): Promise<string> {
  const shipped = join(projectRoot, 'config');
  if (endpoints === undefined) return shipped;
  const folder = join(stateFolder, 'config');
  await cp(shipped, folder, { recursive: true });
  const file = join(folder, 'api_endpoints.yaml');
  await writeFile(file, stringify(merge(parse(await readFile(file, 'utf8')), { goflow: endpoints })));
  return folder;
}

async function startHost(options: VisionStandInOptions, index: number): Promise<SiteHost> {
  const vision = await startVisionStandIn({ latencyMs: 20, ...options });
  return { name: `host-${index + 1}`, lanes: options.slots ?? 1, vision };
}

async function startAll(site: Site): Promise<void> {
  const [first, ...others] = site.hosts;
  await Promise.all([site.startRole('all', first), ...others.map((host) => site.startRole('gpu', host))]);
}
