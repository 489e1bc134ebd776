import { performance } from 'node:perf_hooks';
import type { Audit } from './audit.ts';
import type { Correlation } from './correlation.ts';
import { sha256 } from './digest.ts';
import type { Http, HttpAnswer } from './http.ts';
import { HttpFailure } from './http.ts';
import type { Metrics } from './metrics.ts';
import type { Redact } from './redact.ts';

export type GoflowEndpoint = 'nextJob' | 'setStatus' | 'submitResult' | 'submitReport';

export interface GoflowOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly callTimeoutMs: number;
  readonly endpoints: Readonly<
    Record<GoflowEndpoint, { method: 'GET' | 'POST' | 'PUT'; path: string; retries: number; callTimeoutMs?: number }>
  >;
}

export interface GoflowCall {
  readonly endpoint: GoflowEndpoint;
  readonly ids?: { readonly projectId?: string; readonly mediaId?: string; readonly analysisId?: string };
  /** The bytes of the body, made once: whoever sends again sends the same. */
  readonly body?: string;
  readonly idempotencyKey?: string;
  readonly attempt: number;
  readonly signal?: AbortSignal;
}

export interface GoflowAnswer extends HttpAnswer {
  readonly body: Buffer;
}

/** E1-E4 of the contract. One attempt per call, one audit record per attempt; what an answer means is decided elsewhere. */
export interface GoflowClient {
  /** @throws {HttpFailure} when there was no whole answer */
  call(call: GoflowCall): Promise<GoflowAnswer>;
}

export interface GoflowClientDeps {
  readonly http: Http;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly redact: Redact;
  readonly correlation: Pick<Correlation, 'current'>;
}

export function createGoflowClient(
  options: GoflowOptions,
  { http, audit, metrics, redact, correlation }: GoflowClientDeps,
): GoflowClient {
  return {
    async call({ endpoint, ids = {}, body, idempotencyKey, attempt, signal }) {
      const { method, path: template, callTimeoutMs = options.callTimeoutMs } = options.endpoints[endpoint];
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(ids[name as keyof typeof ids] ?? ''),
      );
      const correlationId = correlation.current();
      const startedAt = performance.now();
      const finish = async (outcome: { status: number; error?: string; responseSha256?: string }) => {
        const durationMs = Math.round(performance.now() - startedAt);
        metrics.goflowCalls.observe({ endpoint, outcome: outcome.error ?? String(outcome.status) }, durationMs / 1000);
        const request = {
          ...(correlationId !== undefined && { correlationId }),
          ...(idempotencyKey !== undefined && { idempotencyKey }),
          ...(body !== undefined && { requestSha256: sha256(body) }),
        };
        const record = { endpoint, method, path, ...ids, attempt, durationMs, ...request, ...outcome };
        await audit.record(record).catch((error: unknown) => {
          metrics.auditLost.inc({ audit: 'goflow' });
          throw error;
        });
      };
      try {
        const answer = await http.send({
          method,
          url: joinUrl(options.baseUrl, path),
          headers: headersOf(options.apiKey, { body, idempotencyKey, correlationId }),
          ...(body !== undefined && { body }),
          totalTimeoutMs: callTimeoutMs,
          signal,
        });
        await finish({ status: answer.status, responseSha256: sha256(answer.body) });
        return answer;
      } catch (error) {
        if (error instanceof HttpFailure) await finish({ status: 0, error: error.kind });
        if (error instanceof HttpFailure)
          throw new HttpFailure(error.kind, redact(error.message), error.mayHaveArrived, error.cause);
        throw error;
      }
    },
  };
}

interface CallFacts {
  readonly body: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string | undefined;
}

const headersOf = (apiKey: string, { body, idempotencyKey, correlationId }: CallFacts) => ({
  'x-api-key': apiKey,
  accept: 'application/json',
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
});

/** The base's own path is kept (P15). */
export const joinUrl = (base: string, path: string) => `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
