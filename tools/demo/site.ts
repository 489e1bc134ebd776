import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { duration } from '../../client/report/duration.ts';
import { connectTemporal } from '../../client/temporal.ts';
import { readTemporalTarget } from '../../config/temporal.ts';
import type { Job } from '../../test/stand-ins/goflow/job.ts';
import { type GoflowStandIn, startGoflowStandIn } from '../../test/stand-ins/goflow/stand-in.ts';
import { startVisionStandIn } from '../../test/stand-ins/vision/server.ts';
import { freePort, startDevServer } from '../temporal/dev-server.ts';
import type { Belongings } from './belongings.ts';
import { commonEnvironment, givenTemporal, ownTemporal, visionUrl } from './environment.ts';
import { rememberIntake } from './given-server.ts';
import { photographPrefix } from './job.ts';
import type { DemoOptions } from './options.ts';
import { photographFolder } from './photographs.ts';

export interface Setting {
  readonly options: DemoOptions;
  readonly job: Job;
  /** State and logs of everything that is started. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly belongings: Belongings;
  readonly say: (line: string) => void;
}

/** What the job runs on. */
export interface Site {
  readonly goflow: GoflowStandIn;
  readonly client: Client;
  /** Names the Temporal server, as every process and the `temporal` CLI read it. */
  readonly temporal: Record<string, string>;
  /** Unknown for a server that was given. */
  readonly uiUrl: string | undefined;
  /** What the processes of this site have in common. */
  readonly common: Record<string, string>;
}

/** Starts the stand-ins, Temporal and every worker role, and resolves once all of them poll. */
export async function startSite(setting: Setting): Promise<Site> {
  const { env, folder, belongings, options } = setting;
  await mkdir(join(folder, 'logs'), { recursive: true });
  const [temporal, goflow, visionUrls] = await Promise.all([
    startTemporal(setting),
    startGoflow(setting),
    Promise.all(Array.from({ length: options.hosts }, () => startVision(setting))),
  ]);
  const common = {
    ...commonEnvironment(env),
    ...temporal.environment,
    GOFLOW_BASE_URL: goflow.url,
    GOFLOW_API_KEY: goflow.apiKey,
  };
  const startRole = (name: string, role: string, more: Record<string, string> = {}) => {
    const ofRole = { ...common, ...more, GF25_STATE_DIR: join(folder, name) };
    return belongings.spawn(name, ['workers/main.ts', role], ofRole, folder);
  };
  const startedAtMs = Date.now();
  await Promise.all([
    startRole('orchestrator', 'orchestrator'),
    startRole('io', 'io'),
    ...visionUrls.map((url, index) => startRole(`gpu-${index + 1}`, 'gpu', hostEnvironment(options, index, url))),
  ]);
  const hosts = options.hosts === 1 ? 'gpu' : `${options.hosts} x gpu`;
  setting.say(`workers        orchestrator, io and ${hosts} are ready (${duration(Date.now() - startedAtMs)})`);
  return { goflow, client: temporal.client, temporal: temporal.environment, uiUrl: temporal.uiUrl, common };
}

function hostEnvironment({ vision, lanes }: DemoOptions, index: number, url: string | undefined) {
  return {
    GF25_GPU_HOST: `demo-${index + 1}`,
    GF25_LANES: String(lanes),
    GF25_VISION_PROVIDER: vision === 'embedded' ? 'embedded' : 'ollama',
    ...(url !== undefined && { GF25_VISION_URL: url }),
  };
}

async function startTemporal({ env, folder, belongings, say }: Setting) {
  const given = givenTemporal(env);
  const startedAtMs = Date.now();
  const own = given ? undefined : await belongings.own(startDevServer({ say }), (server) => server.stop());
  const environment = own ? await ownTemporal(own.address, folder) : (given ?? {});
  const target = readTemporalTarget(environment);
  // never closed: whoever asks it something when the demo is interrupted would meet a closed channel, and the process exits
  const { client } = await connectTemporal(target);
  if (own) {
    belongings.watch('the Temporal server', own.ended);
    say(`Temporal       ${own.address} (${duration(Date.now() - startedAtMs)})`);
    say(`Web UI         ${own.uiUrl}`);
  } else {
    await belongings.own(rememberIntake(client), (forget) => forget());
    say(`Temporal       ${target.address}, namespace ${target.namespace}, as TEMPORAL_ADDRESS says`);
  }
  return { client, environment, uiUrl: own?.uiUrl };
}

async function startGoflow({ options, job, belongings, say }: Setting): Promise<GoflowStandIn> {
  const apiKey = `demo-${randomUUID()}`;
  const goflow = await belongings.own(startGoflowStandIn({ apiKey }), (standIn) => standIn.close());
  if (options.vision !== 'stand-in') goflow.addImageDirectory(photographPrefix, photographFolder());
  // before anybody polls: the first poll finds it
  goflow.enqueue(job);
  say(`GoFlow         ${goflow.url}, a stand-in with one job in its queue`);
  return goflow;
}

/** Where the host finds its vision server; the embedded one needs none. */
async function startVision({ options, env, belongings, say }: Setting): Promise<string | undefined> {
  const { vision, lanes, latencyMs } = options;
  if (vision === 'embedded') return undefined;
  if (vision === 'ollama') return visionUrl(env);
  const { url } = await belongings.own(startVisionStandIn({ slots: lanes, latencyMs }), (standIn) => standIn.close());
  say(`vision server  ${url}, a stand-in with ${lanes} slots, ${latencyMs} ms per answer`);
  return url;
}

/** The HTTP API: nothing waits for it. */
export async function startApi({ belongings, folder, say }: Setting, { common }: Site): Promise<void> {
  const port = String(await freePort());
  const env = { ...common, GF25_API_PORT: port, GF25_STATE_DIR: join(folder, 'api') };
  await belongings.spawn('api', ['client/http/server.ts'], env, folder);
  say(`HTTP API       http://127.0.0.1:${port}`);
}
