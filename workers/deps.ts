import { join } from 'node:path';
import { createIoActivities } from '../activities/goflow/io/index.ts';
import { createHostActivities, createStagingActivities } from '../activities/goflow/gpu/index.ts';
import { createHost, type Host } from '../activities/goflow/gpu/host.ts';
import { createJobJournal } from '../activities/goflow/io/job-journal.ts';
import type { IntakeLimits } from '../activities/goflow/io/intake-gate.ts';
import { createNextJob } from '../activities/goflow/io/next-job.ts';
import type { PlanSource } from '../activities/goflow/io/plan-project.ts';
import { createImageCache } from '../activities/images/cache.ts';
import { createDownload } from '../activities/images/download.ts';
import { createGuard } from '../activities/images/guard.ts';
import { createImages } from '../activities/images/images.ts';
import type { AuditRecord } from '../activities/shared/audit.ts';
import { createDiscordClient } from '../activities/shared/discord-client.ts';
import { type Channel, channels } from '../activities/shared/discord-gate.ts';
import { createGoflowClient, type GoflowEndpoint } from '../activities/shared/goflow-client.ts';
import { createGoflowRetry } from '../activities/shared/goflow-retry.ts';
import { createSend } from '../activities/shared/goflow-sender.ts';
import { createHttp } from '../activities/shared/http.ts';
import { createProjectNews } from '../activities/shared/project-news.ts';
import { createStallWatch } from '../activities/shared/stall-watch.ts';
import { createSecurityLog } from '../activities/shared/security-log.ts';
import { auditFolderIn, openAuditLog } from '../config/audit-log.ts';
import { imageCacheFolderIn } from '../config/image-cache-folder.ts';
import { currentCorrelationId, withCorrelationId } from '../config/correlation.ts';
import type { Config } from '../config/load.ts';
import { qaSettingsOf } from '../config/qa.ts';
import type { HostActivities, IoActivities, StagingActivities } from '../workflows/goflow/contracts/activities.ts';
import type { Foundation } from './foundation.ts';
import { showGpus } from './gpu-usage.ts';
import { modelsOf, visionProviders } from './vision.ts';

/** Calls to GoFlow under way at once in one process; the connections are as many, so none waits inside its time. */
export const ioSlots = 64;
const maxImageBytes = 100 * 1024 * 1024;
const imageHeadersTimeoutMs = 10_000;
const imageIdleTimeoutMs = 10_000;
/** Beside the lanes' own: looks at the health, at models, and a warm-up. */
const visionConnectionsBesideLanes = 3;
const ms = (seconds: number) => Math.round(seconds * 1000);

export interface IoPart {
  readonly activities: IoActivities;
  close(): Promise<void>;
}

export interface GpuPart {
  readonly host: Host;
  readonly staging: StagingActivities;
  readonly onHost: HostActivities;
  close(): Promise<void>;
}

/** Everything that talks to GoFlow and Discord. */
export function buildIo(foundation: Foundation, searchAttributes: boolean): IoPart {
  const { config, live, log, metrics, directory, plans, recordAttempt } = foundation;
  const { environment, settings, endpoints, redact } = config;
  const { goflow } = endpoints;
  const http = createHttp({ connectTimeoutMs: ms(goflow.connectTimeoutSeconds), connections: ioSlots });
  const folder = auditFolderIn(environment.GF25_STATE_DIR);
  const audit = openAuditLog<AuditRecord>({ folder, name: 'goflow', redact });
  const correlation = { current: currentCorrelationId, run: withCorrelationId };
  const client = createGoflowClient(goflowOptions(config), { http, audit, metrics, redact, correlation });
  const retry = createGoflowRetry(
    {
      firstMs: ms(goflow.backoff.firstSeconds),
      maxMs: ms(goflow.backoff.maxSeconds),
      serverErrorFactor: goflow.backoff.serverErrorFactor,
      slowMs: ms(settings.goflow.slowRetrySeconds),
      maxRetryAfterMs: ms(settings.goflow.maxRetryAfterSeconds),
    },
    mapValues(goflow.endpoints, ({ retries }) => retries),
  );
  const webhooks = webhooksOf(config);
  const off = channels.filter((channel) => webhooks[channel] === undefined);
  if (off.length > 0) log.info({ channels: off }, 'these Discord channels have no webhook and are off');
  const news = createProjectNews(directory, log);
  const stalls = createStallWatch();
  const unauthorized = createSecurityLog(log, metrics);
  const shared = { goflow: client, rules: goflow, retry, metrics, redact, unauthorized };
  const limits = () => limitsOf(live.current);
  const activities = createIoActivities({
    ...{ log, redact, metrics, directory, plans, recordAttempt, news, searchAttributes, correlation },
    nextJob: createNextJob({ ...shared, pollIntervalMs: () => limits().pollIntervalMs }),
    journal: createJobJournal(join(environment.GF25_STATE_DIR, 'jobs')),
    limits,
    source: () => planSource(live.current),
    send: createSend({ ...shared, recordAttempt, news, stalls }),
    statusValues: goflow.statusValues,
    discord: createDiscordClient(webhooks, http),
  });
  return {
    activities,
    async close() {
      stalls.close();
      await news.close();
      await http.close();
      await audit.close();
    },
  };
}

/** One vision server and the images on it. */
export async function buildGpu(foundation: Foundation): Promise<GpuPart> {
  const { config, log, metrics, plans, recordAttempt } = foundation;
  const { environment, settings, redact } = config;
  const { GF25_STATE_DIR: stateFolder, gpuHost: name } = environment;
  const mediaBaseUrl = environment.GOFLOW_MEDIA_BASE_URL ?? environment.GOFLOW_BASE_URL ?? '';
  const { isDevelopment } = environment;
  const guard = createGuard({ isDevelopment, allowedHosts: settings.images.allowedHosts, mediaBaseUrl });
  const connections = settings.images.maxDownloadsPerHost;
  const imageHttp = createHttp({ connectTimeoutMs: 5_000, connections, lookup: guard.lookup });
  const visionHttp = createHttp({
    connectTimeoutMs: 5_000,
    connections: environment.GF25_LANES + visionConnectionsBesideLanes,
  });
  const provider = visionProviders[environment.GF25_VISION_PROVIDER](config, visionHttp);
  const hostOptions = {
    name,
    lanes: environment.GF25_LANES,
    stageAhead: Math.ceil(settings.gpu.stageAheadPerLane * environment.GF25_LANES),
    idlePlaceMs: ms(settings.gpu.idlePlaceSeconds),
    placesFile: join(stateFolder, 'hosts', `${name}.places.json`),
    neededModels: modelsOf(config.definitions),
  };
  const host = await createHost(hostOptions, provider, log, metrics);
  await host.health.start(ms(settings.vision.healthIntervalSeconds));
  const cache = {
    folder: imageCacheFolderIn(stateFolder),
    ttlMs: settings.images.cacheTtlHours * 3_600_000,
    maxBytes: settings.images.cacheMaxBytes,
    pinned: () => host.places.hashes(),
  };
  const images = createImages({
    cache: await createImageCache(cache, log, metrics),
    download: createDownload(imageHttp, guard, {
      totalTimeoutMs: ms(settings.images.downloadTimeoutSeconds),
      headersTimeoutMs: imageHeadersTimeoutMs,
      idleTimeoutMs: imageIdleTimeoutMs,
      maxBytes: maxImageBytes,
    }),
    canon: settings.vision.image,
    mediaBaseUrl,
    maxDownloads: settings.images.maxDownloadsPerHost,
    metrics,
  });
  const gpus = showGpus(metrics.registry, log);
  const deps = {
    ...{ log, redact, metrics, plans, recordAttempt, host, images },
    downloads: {
      quickAttempts: settings.images.attempts,
      slowMs: ms(settings.images.slowRetrySeconds),
      giveUpMs: settings.images.giveUpHours * 3_600_000,
    },
    inferenceAttempts: settings.vision.attempts,
  };
  return {
    host,
    staging: createStagingActivities(deps),
    onHost: createHostActivities(deps),
    async close() {
      gpus.close();
      await host.close();
      await provider.close?.();
      await imageHttp.close();
      await visionHttp.close();
    },
  };
}

function goflowOptions({ environment, endpoints: { goflow } }: Config) {
  return {
    baseUrl: environment.GOFLOW_BASE_URL ?? '',
    apiKey: environment.GOFLOW_API_KEY ?? '',
    callTimeoutMs: ms(goflow.callTimeoutSeconds),
    endpoints: mapValues(goflow.endpoints, ({ callTimeoutSeconds, ...endpoint }) => ({
      ...endpoint,
      ...(callTimeoutSeconds !== undefined && { callTimeoutMs: ms(callTimeoutSeconds) }),
    })),
  };
}

const limitsOf = ({ settings: { intake } }: Config): IntakeLimits => {
  return { ...intake, pollIntervalMs: ms(intake.pollIntervalSeconds) };
};

const planSource = ({ settings, qa, definitions, hash }: Config): PlanSource => ({
  configHash: hash,
  definitions: definitions.bySlug,
  systemPrompt: definitions.systemPrompt,
  unknownSlug: settings.analysis.unknownSlug,
  qa: qaSettingsOf(qa, settings),
  inferenceTimeoutMs: ms(settings.vision.inferenceTimeoutSeconds),
  failures: settings.failures,
  reportType: settings.report.type,
  mediaInFlight: settings.project.mediaInFlight,
  continueAsNewAfterEvents: settings.project.continueAsNewAfterEvents,
});

const webhooksOf = ({ environment }: Config): Partial<Record<Channel, string>> => ({
  ...(environment.DISCORD_WEBHOOK_BATCH_MANIFEST && { batch_manifest: environment.DISCORD_WEBHOOK_BATCH_MANIFEST }),
  ...(environment.DISCORD_WEBHOOK_QA_STRUCTURAL && { qa_structural: environment.DISCORD_WEBHOOK_QA_STRUCTURAL }),
  ...(environment.DISCORD_WEBHOOK_QA_CONTENT && { qa_content: environment.DISCORD_WEBHOOK_QA_CONTENT }),
  ...(environment.DISCORD_WEBHOOK_QA_DOMAIN && { qa_domain: environment.DISCORD_WEBHOOK_QA_DOMAIN }),
  ...(environment.DISCORD_WEBHOOK_BATCH_REPORT && { batch_report: environment.DISCORD_WEBHOOK_BATCH_REPORT }),
});

const mapValues = <T, R>(
  table: Readonly<Record<GoflowEndpoint, T>>,
  map: (value: T) => R,
): Record<GoflowEndpoint, R> => ({
  nextJob: map(table.nextJob),
  setStatus: map(table.setStatus),
  submitResult: map(table.submitResult),
  submitReport: map(table.submitReport),
});
