import type { CallBasics, CallLog } from '../shared/call-log.ts';
import type { FaultBook } from '../shared/faults.ts';
import { jsonAnswer, parseJson, type Answer } from '../shared/http.ts';
import { perform } from '../shared/perform.ts';
import type { IncomingCall } from '../shared/stand-in-server.ts';
import type { Images } from './images.ts';
import { statusOf, type LedgerCall } from './ledger-state.ts';
import type { Ledger } from './ledger.ts';
import type { QueuedJob } from './queue.ts';
import { findRoute, type Endpoint, type MatchName } from './routes.ts';

/** What the GoFlow stand-in writes down about a call besides the basics. */
export interface GoflowDetails {
  readonly endpoint: Endpoint;
  /** Of the path; on E1 of the job that was handed out. */
  projectId: string | undefined;
  readonly mediaId: string | undefined;
  readonly analysisId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string | undefined;
  /** The call counted: a job was handed out, or the ledger accepted it. Refusals, replays and images do not count. */
  committed: boolean;
  /** Answered from the store of idempotency keys. */
  replayed: boolean;
}

export type GoflowCall = CallBasics & GoflowDetails;

interface AgentApiParts {
  /** Undefined: any call is let in. */
  readonly apiKey: string | undefined;
  readonly queue: QueuedJob[];
  readonly images: Images;
  readonly ledger: Ledger;
  readonly faults: FaultBook<Endpoint, MatchName>;
  readonly log: CallLog<GoflowDetails>;
  readonly violations: string[];
}

/** Answers one call of the GoFlow API or for an image. Faults come first, like a bad proxy in front of the server. */
export async function handleCall(parts: AgentApiParts, call: IncomingCall): Promise<void> {
  const { endpoint, ids } = findRoute(call.method, call.path, (path) => parts.images.has(path));
  const status = endpoint === 'E2' ? statusOf({ body: parseJson(call.body) }) : undefined;
  const fault = parts.faults.take({ endpoint, path: call.path, ids: { ...ids, status } });
  const action = fault ?? (endpoint === 'media' ? parts.images.manner(call.path) : undefined);
  const record = parts.log.arrive(call, action, {
    endpoint,
    projectId: ids.projectId,
    mediaId: ids.mediaId,
    analysisId: ids.analysisId,
    idempotencyKey: headerOf(call, 'idempotency-key'),
    correlationId: headerOf(call, 'x-correlation-id'),
    committed: false,
    replayed: false,
  });
  const apiKey = headerOf(call, 'x-api-key');
  const ledgerCall = toLedgerCall(record);
  if (ledgerCall) parts.violations.push(...parts.ledger.arrived(ledgerCall));
  if (endpoint === 'media' && apiKey !== undefined) {
    parts.violations.push(`media: the API key was sent to the image host (${call.path})`);
  }
  const isRefused = endpoint.startsWith('E') && parts.apiKey !== undefined && parts.apiKey !== apiKey;
  const delivery = await perform(call, action, async () =>
    isRefused ? jsonAnswer(401, { detail: 'Invalid API key' }) : commit(parts, record, ledgerCall),
  );
  parts.log.finish(record, delivery);
}

async function commit(parts: AgentApiParts, record: GoflowCall, ledgerCall: LedgerCall | undefined): Promise<Answer> {
  if (record.endpoint === 'E1') return handOutJob(parts, record);
  if (record.endpoint === 'media') return parts.images.answer(record.path);
  if (!ledgerCall) return jsonAnswer(404, { detail: 'Not Found' });
  const { status, body, committed, replayed } = parts.ledger.commit(ledgerCall);
  Object.assign(record, { committed, replayed });
  return jsonAnswer(status, body, replayed ? { 'Idempotent-Replayed': 'true' } : {});
}

function handOutJob({ queue, ledger }: AgentApiParts, record: GoflowCall): Answer {
  const job = queue.shift();
  if (!job) return jsonAnswer(404, { detail: 'no job is waiting' });
  if (job.members) ledger.register(job.members, job);
  record.committed = true;
  record.projectId = job.members?.project.id;
  return { status: 200, headers: { 'content-type': 'application/json' }, body: job.body };
}

function toLedgerCall(record: GoflowCall): LedgerCall | undefined {
  const { endpoint, projectId, mediaId = '', analysisId = '' } = record;
  if ((endpoint !== 'E2' && endpoint !== 'E3' && endpoint !== 'E4') || projectId === undefined) return undefined;
  const { method, path, at, idempotencyKey, requestBody: body, requestSha256: bodySha256 } = record;
  return { endpoint, method, path, projectId, mediaId, analysisId, idempotencyKey, body, bodySha256, at };
}

function headerOf(call: IncomingCall, name: string): string | undefined {
  const value = call.request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
