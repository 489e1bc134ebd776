import { Failure } from './failure.ts';
import type { Http } from './http.ts';
import { HttpFailure } from './http.ts';

export const channels = ['batch_manifest', 'qa_structural', 'qa_content', 'qa_domain', 'batch_report'] as const;
export type Channel = (typeof channels)[number];

/** A Discord embed, cut to Discord's limits by the client. */
export interface Embed {
  readonly title: string;
  readonly description: string;
  readonly colour: 'success' | 'warning' | 'error';
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface DiscordClient {
  /** False: no webhook is configured, so the channel is off. */
  isOn(channel: Channel): boolean;
  /** @throws {Failure} `NotificationFailed` with Discord's own delay, or `NotificationRefused` */
  post(channel: Channel, embed: Embed, signal?: AbortSignal): Promise<void>;
}

const colours = { success: 0x00ff00, warning: 0xffaa00, error: 0xff0000 } as const;
const timeoutMs = 15_000;

export function createDiscordClient(webhooks: Readonly<Partial<Record<Channel, string>>>, http: Http): DiscordClient {
  return {
    isOn: (channel) => webhooks[channel] !== undefined,
    async post(channel, embed, signal) {
      const url = webhooks[channel];
      if (url === undefined) return;
      const body = JSON.stringify({ embeds: [withinLimits(embed)], allowed_mentions: { parse: [] } });
      const headers = { 'content-type': 'application/json' };
      const answer = await http
        .send({ method: 'POST', url, headers, body, totalTimeoutMs: timeoutMs, signal })
        .catch((error: unknown) => {
          // the text of the failure, never the URL: whoever has it can post
          throw error instanceof HttpFailure ? new Failure('NotificationFailed', `${channel}: ${error.kind}`) : error;
        });
      if (answer.status >= 200 && answer.status < 300) return;
      throw refusal(channel, answer.status, answer.body);
    },
  };
}

function refusal(channel: Channel, status: number, body: Buffer): Failure {
  const message = `${channel}: Discord answered ${status}`;
  if (status !== 429 && status < 500) return new Failure('NotificationRefused', message);
  const retryAfterMs = status === 429 ? retryAfterOf(body) : undefined;
  return new Failure('NotificationFailed', message, retryAfterMs === undefined ? {} : { retryDelayMs: retryAfterMs });
}

/** `retry_after` in the body, in seconds with fractions. */
function retryAfterOf(body: Buffer): number | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      'retry_after' in parsed &&
      typeof parsed.retry_after === 'number'
    )
      return parsed.retry_after * 1000;
  } catch {
    // not JSON (a proxy's page): the caller's own delay holds
  }
  return undefined;
}

/** Limits of Discord's API: title 256, description 4,096, 25 fields of 256 and 1,024 characters, 6,000 in all. */
function withinLimits({ title, description, colour, fields }: Embed) {
  return {
    title: cut(title, 256),
    description: cut(description, 2_000),
    color: colours[colour],
    fields: fields
      .slice(0, 12)
      .map(({ name, value }) => ({ name: cut(name, 100), value: cut(value, 200) || '-', inline: true })),
    timestamp: new Date().toISOString(),
  };
}

const cut = (text: string, maxCharacters: number) =>
  text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
