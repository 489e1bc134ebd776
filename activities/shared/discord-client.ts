import { type Embed, toMessage } from './discord-embed.ts';
import { type Channel, createDiscordGate, type DiscordGate } from './discord-gate.ts';
import { Failure } from './failure.ts';
import type { Http, HttpAnswer } from './http.ts';
import { HttpFailure } from './http.ts';
import { parseRetryAfter } from './retry-delay.ts';

/** What became of a message that is not tried again. `gone`: Discord has said before that there is no such webhook. */
export type Posted = 'delivered' | 'off' | 'gone';

export interface DiscordClient {
  /**
   * Posts a message unless the channel is off. One attempt.
   *
   * @throws {Failure} `NotificationHeld`: not now; `NotificationFailed`: Discord did not take it; both with the delay
   * after which to come again. `NotificationRefused`: never.
   */
  post(channel: Channel, embed: Embed): Promise<Posted>;
}

/** Discord answers in a fraction of a second; one that hangs holds a slot of the worker for so long. */
const timeoutMs = 10_000;

type Answer = HttpAnswer & { readonly body: Buffer };

export function createDiscordClient(
  webhooks: Readonly<Partial<Record<Channel, string>>>,
  http: Http,
  gate: DiscordGate = createDiscordGate(),
): DiscordClient {
  const send = async (channel: Channel, url: string, embed: Embed): Promise<Answer> => {
    const body = JSON.stringify(toMessage(embed, new Date()));
    const headers = { 'content-type': 'application/json' };
    gate.entered(channel);
    try {
      return await http.send({ method: 'POST', url, headers, body, totalTimeoutMs: timeoutMs });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      // the kind of the failure and nothing else of it: whoever has the URL can post
      throw failed(channel, error.kind, gate.failed(channel));
    } finally {
      gate.left(channel);
    }
  };

  return {
    async post(channel, embed) {
      const url = webhooks[channel];
      if (url === undefined) return 'off';
      if (!gate.exists(channel)) return 'gone';
      const heldForMs = gate.heldForMs(channel);
      if (heldForMs > 0)
        throw new Failure('NotificationHeld', `${channel}: waits for its turn`, { retryDelayMs: spread(heldForMs) });
      const answer = await send(channel, url, embed);
      return judge(channel, answer, gate);
    },
  };
}

function judge(channel: Channel, answer: Answer, gate: DiscordGate): Posted {
  const { status, headers } = answer;
  const said = `Discord answered ${status}`;
  if (status >= 200 && status < 300) {
    gate.took(channel);
    // the next one would be refused
    if (headers['x-ratelimit-remaining'] === '0') gate.pause(channel, secondsIn(headers['x-ratelimit-reset-after']));
    return 'delivered';
  }
  if (status === 429) {
    const pauseMs = retryAfterOf(answer);
    if (pauseMs === undefined) throw failed(channel, said, gate.failed(channel));
    gate.pause(isGlobal(answer) ? 'all' : channel, pauseMs);
    throw failed(channel, said, gate.heldForMs(channel));
  }
  if (status === 401 || status === 403 || status === 404) {
    if (!gate.gone(channel)) return 'gone';
    throw new Failure(
      'NotificationRefused',
      `${channel}: ${said}: its webhook does not exist, nothing is posted there`,
    );
  }
  if (status === 408 || status >= 500) throw failed(channel, said, gate.failed(channel));
  throw new Failure('NotificationRefused', `${channel}: ${said} to this message`);
}

const failed = (channel: Channel, what: string, delayMs: number) =>
  new Failure('NotificationFailed', `${channel}: ${what}`, { retryDelayMs: spread(delayMs) });

/** All that wait for a channel come back then, but not at once. */
const spread = (ms: number) => ms + Math.random() * 1_000;

/** In the body, in seconds with fractions; in the header, in whole ones. The longer one holds; what is unreadable not. */
function retryAfterOf({ headers, body }: Answer): number | undefined {
  const inBody = fieldOf(body, 'retry_after');
  const bodyMs = typeof inBody === 'number' && inBody > 0 ? inBody * 1_000 : 0;
  const ms = Math.max(bodyMs, parseRetryAfter(headers['retry-after'], Date.now()) ?? 0);
  return ms > 0 ? ms : undefined;
}

/** Without `retry_after` it is not Discord that speaks but what stands before it, and that counts all calls together. */
const isGlobal = ({ headers, body }: Answer) =>
  headers['x-ratelimit-global'] === 'true' ||
  fieldOf(body, 'global') === true ||
  fieldOf(body, 'retry_after') === undefined;

function fieldOf(body: Buffer, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

const secondsIn = (value: string | string[] | undefined) => (Number(value) > 0 ? Number(value) * 1_000 : 0);
