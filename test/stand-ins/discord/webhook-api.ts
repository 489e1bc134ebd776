import type { CallBasics, CallLog } from '../shared/call-log.ts';
import type { FaultBook } from '../shared/faults.ts';
import { jsonAnswer, parseJson, type Answer } from '../shared/http.ts';
import { perform } from '../shared/perform.ts';
import type { IncomingCall } from '../shared/stand-in-server.ts';
import type { RateLimitState } from './rate-limit.ts';
import { toErrorBody, validateMessage } from './validate.ts';
import { parseWebhookPath, type Webhook } from './webhooks.ts';

/** What the Discord stand-in writes down about a call besides the basics. */
export interface DiscordDetails {
  /** Its name; undefined when the path belongs to no known webhook. */
  readonly webhook: string | undefined;
  /** The message was posted. */
  committed: boolean;
}

export type DiscordCall = CallBasics & DiscordDetails;

/** A posted message, with the body that posted it. */
export interface DiscordMessage {
  readonly id: string;
  readonly webhook: string;
  /** ISO 8601. */
  readonly at: string;
  /** On the clock of `performance.now()`. */
  readonly monotonicMs: number;
  readonly content: string;
  readonly embeds: readonly Readonly<Record<string, unknown>>[];
}

export type DiscordEndpoint = 'webhook' | 'unknown';

interface WebhookApiParts {
  /** By id. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly faults: FaultBook<DiscordEndpoint, 'webhook'>;
  readonly log: CallLog<DiscordDetails>;
  readonly rateLimit: (bucket: string) => RateLimitState;
  readonly messages: DiscordMessage[];
}

export async function handleCall(parts: WebhookApiParts, call: IncomingCall): Promise<void> {
  const ids = parseWebhookPath(call.path);
  const webhook = ids && parts.webhooks.get(ids.id);
  const endpoint = ids ? 'webhook' : 'unknown';
  const action = parts.faults.take({ endpoint, path: call.path, ids: { webhook: webhook?.name } });
  const record = parts.log.arrive(call, action, { webhook: webhook?.name, committed: false });
  const delivery = await perform(call, action, async () => {
    if (!ids) return discordError(404, 0, '404: Not Found');
    if (call.method !== 'POST') return discordError(405, 0, '405: Method Not Allowed');
    if (!webhook) return discordError(404, 10015, 'Unknown Webhook');
    if (webhook.token !== ids.token) return discordError(401, 50027, 'Invalid Webhook Token');
    return post(parts, call, record, webhook);
  });
  parts.log.finish(record, delivery);
}

function post(parts: WebhookApiParts, call: IncomingCall, record: DiscordCall, webhook: Webhook): Answer {
  const { isLimited, resetAfterMs, headers } = parts.rateLimit(webhook.id);
  if (isLimited) {
    const body = { message: 'You are being rate limited.', retry_after: resetAfterMs / 1000, global: false };
    return jsonAnswer(429, body, headers);
  }
  const refusal = findRefusal(call);
  if (refusal) return { ...refusal, headers: { ...refusal.headers, ...headers } };
  const { content = '', embeds = [] } = record.requestBody as Partial<DiscordMessage>;
  const { at, monotonicMs } = record;
  const message = {
    id: String(10n ** 18n + BigInt(record.number)),
    webhook: webhook.name,
    at,
    monotonicMs,
    content,
    embeds,
  };
  parts.messages.push(message);
  record.committed = true;
  if (call.query.get('wait') !== 'true') return { status: 204, headers, body: Buffer.alloc(0) };
  return jsonAnswer(200, toMessageObject(message, webhook), headers);
}

function findRefusal(call: IncomingCall): Answer | undefined {
  const contentType = call.request.headers['content-type'] ?? '';
  if (!contentType.startsWith('application/json')) {
    return discordError(400, 50035, `Expected "Content-Type" header to be one of {'application/json'}.`);
  }
  const body = parseJson(call.body);
  if (typeof body !== 'object' || body === null) {
    return discordError(400, 50109, 'The request body contains invalid JSON.');
  }
  const problems = validateMessage(body as Record<string, unknown>);
  if (problems.length > 0) return jsonAnswer(400, toErrorBody(problems));
  const { content, embeds } = body as { content?: string; embeds?: unknown[] };
  return content || embeds?.length ? undefined : discordError(400, 50006, 'Cannot send an empty message');
}

/** The message as Discord shows it to a caller with `?wait=true`. */
function toMessageObject({ id, content, embeds, at }: DiscordMessage, webhook: Webhook): object {
  return {
    id,
    type: 0,
    content,
    channel_id: webhook.id,
    author: { id: webhook.id, username: webhook.name, avatar: null, discriminator: '0000', bot: true },
    attachments: [],
    embeds: embeds.map((embed) => ({ type: 'rich', ...embed })),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    timestamp: at,
    edited_timestamp: null,
    flags: 0,
    components: [],
    webhook_id: webhook.id,
  };
}

function discordError(status: number, code: number, message: string): Answer {
  return jsonAnswer(status, { message, code });
}
