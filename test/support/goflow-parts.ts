import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Audit } from '../../activities/shared/audit.ts';
import { createGoflowClient, type GoflowClient } from '../../activities/shared/goflow-client.ts';
import { createGoflowRetry, type GoflowRetry } from '../../activities/shared/goflow-retry.ts';
import { createSend, type Send } from '../../activities/shared/goflow-sender.ts';
import { createHttp } from '../../activities/shared/http.ts';
import { createMetrics, type Metrics } from '../../activities/shared/metrics.ts';
import type { ProjectNews } from '../../activities/shared/project-news.ts';
import type { RetryTimes } from '../../activities/shared/retry-delay.ts';
import { createSecurityLog } from '../../activities/shared/security-log.ts';
import { auditFolderIn, openAuditLog } from '../../config/audit-log.ts';
import { currentCorrelationId } from '../../config/correlation.ts';
import { loadConfig } from '../../config/load.ts';
import { createRedact, type Redact } from '../../config/redact.ts';
import { recordingAttempts } from './activity.ts';
import { recordingLog, type RecordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface GoflowPartsOptions {
  readonly apiKey?: string;
  readonly callTimeoutMs?: number;
  /** What Temporal says to a record of an attempt. */
  readonly record?: 'recorded' | 'stale';
  readonly hasStalled?: boolean;
  readonly audit?: Audit;
  readonly times?: Partial<RetryTimes>;
}

export interface GoflowParts {
  readonly client: GoflowClient;
  readonly send: Send;
  readonly retry: GoflowRetry;
  readonly rules: ReturnType<typeof loadConfig>['endpoints']['goflow'];
  readonly metrics: Metrics;
  readonly log: RecordingLog;
  readonly redact: Redact;
  readonly news: ProjectNews;
  readonly unauthorized: ReturnType<typeof createSecurityLog>;
  readonly attempts: ReturnType<typeof recordingAttempts>;
  /** The audit records so far, parsed. */
  audited(): Promise<Record<string, unknown>[]>;
}

/** Our side of the GoFlow API, as `workers/deps.ts` builds it, with the shipped endpoints and quick times. */
export async function goflowParts(baseUrl: string, options: GoflowPartsOptions = {}): Promise<GoflowParts> {
  const { apiKey = 'goflow-stand-in-key', callTimeoutMs = 2_000 } = options;
  const { goflow } = loadConfig([], {}).endpoints;
  const http = createHttp({ connectTimeoutMs: 1_000, connections: 16 });
  onTestFinished(() => http.close());
  const folder = await temporaryFolder();
  const redact = createRedact([apiKey]);
  const auditLog = openAuditLog({ folder: auditFolderIn(folder), name: 'goflow', redact });
  onTestFinished(() => auditLog.close());
  const audit = options.audit ?? auditLog;
  const metrics = createMetrics();
  const log = recordingLog(redact);
  const endpoints = goflow.endpoints;
  const times = { firstMs: 100, maxMs: 2_000, serverErrorFactor: 3, slowMs: 60_000, maxRetryAfterMs: 900_000 };
  const retry = createGoflowRetry(
    { ...times, ...options.times },
    {
      nextJob: endpoints.nextJob.retries,
      setStatus: endpoints.setStatus.retries,
      submitResult: endpoints.submitResult.retries,
      submitReport: endpoints.submitReport.retries,
    },
  );
  const correlation = { current: currentCorrelationId };
  const deps = { http, audit, metrics, redact, correlation };
  const client = createGoflowClient({ baseUrl, apiKey, callTimeoutMs, endpoints }, deps);
  const news = { accepted: vi.fn(), waiting: vi.fn(), reachable: vi.fn(), close: async () => undefined };
  const stalls = { hasStalled: () => options.hasStalled ?? false, close: () => undefined };
  const unauthorized = createSecurityLog(log.log, metrics);
  const attempts = recordingAttempts(options.record);
  const { recordAttempt } = attempts;
  return {
    ...{ client, retry, metrics, log, redact, news, unauthorized, attempts },
    rules: goflow,
    send: createSend({
      ...{ goflow: client, rules: goflow, retry, recordAttempt, news, metrics, redact, unauthorized, stalls },
    }),
    async audited() {
      const files = await readdir(auditFolderIn(folder)).catch(() => []);
      const texts = await Promise.all(files.sort().map((file) => readFile(join(auditFolderIn(folder), file), 'utf8')));
      const lines = texts.join('').split('\n').filter(Boolean);
      const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      return records.filter((record) => !('witnessed' in record));
    },
  };
}
