import { createCallLog } from '../shared/call-log.ts';
import { faultControl } from '../shared/fault-control.ts';
import { createFaults, type Faults } from '../shared/faults.ts';
import { startStandInServer } from '../shared/stand-in-server.ts';
import { waitFor, type WaitOptions } from '../shared/wait-for.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import {
  handleCall,
  type DiscordCall,
  type DiscordDetails,
  type DiscordEndpoint,
  type DiscordMessage,
} from './webhook-api.ts';
import { pathOf, webhookOf, type Webhook } from './webhooks.ts';

export interface DiscordStandInOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Names of webhooks that exist from the start. */
  readonly webhooks?: readonly string[];
  /** Per webhook. Default: 5 calls in 2 s, as Discord does. */
  readonly rateLimit?: RateLimit;
  /** Each ended call is appended here as one line of JSON. */
  readonly logFile?: string;
  /** For fault rules with a `share`. Default 1. */
  readonly faultSeed?: number;
}

/** Discord's webhook API for tests, the demo and work by hand. */
export interface DiscordStandIn {
  readonly url: string;
  readonly port: number;
  /** The URL of the webhook of this name, which is created when it is new. */
  webhookUrl(name: string): string;
  /** What was posted, in order; of one webhook or of all. */
  messages(webhookName?: string): readonly DiscordMessage[];
  /** Every call so far, in the order of arrival; open ones have no `durationMs` yet. */
  calls(): readonly DiscordCall[];
  readonly faults: Faults<DiscordEndpoint, 'webhook'>;
  /** Resolves with the first truthy value of the predicate. */
  waitFor<T>(predicate: (standIn: DiscordStandIn) => T | Promise<T>, options?: WaitOptions): Promise<NonNullable<T>>;
  /** Refuses connections and destroys the open ones, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const DISCORD_RATE_LIMIT: RateLimit = { calls: 5, windowMs: 2000 };

export async function startDiscordStandIn(options: DiscordStandInOptions = {}): Promise<DiscordStandIn> {
  const webhooks = new Map<string, Webhook>();
  const faults = createFaults<DiscordEndpoint, 'webhook'>(options.faultSeed);
  const log = createCallLog<DiscordDetails>(options.logFile);
  const rateLimit = createRateLimiter(options.rateLimit ?? DISCORD_RATE_LIMIT);
  const messages: DiscordMessage[] = [];

  const server = await startStandInServer({
    host: options.host,
    port: options.port,
    control: {
      ...faultControl(faults, ['webhook', 'unknown'], ['webhook']),
      'GET calls': () => log.all(),
      'GET messages': (_body, query) => standIn.messages(query.get('webhook') ?? undefined),
      'GET health': () => ({ name: 'discord-stand-in', status: 'ok', messages: messages.length }),
    },
    handle: (call) => handleCall({ webhooks, faults, log, rateLimit, messages }, call),
  });

  const standIn: DiscordStandIn = {
    ...server,
    faults,
    webhookUrl(name) {
      const webhook = webhookOf(name);
      webhooks.set(webhook.id, webhook);
      return server.url + pathOf(webhook);
    },
    messages: (name) => messages.filter(({ webhook }) => name === undefined || webhook === name),
    calls: () => log.all(),
    waitFor: (predicate, waitOptions) =>
      waitFor(
        () => predicate(standIn),
        () => `${log.all().length} calls, ${messages.length} messages`,
        waitOptions,
      ),
  };
  for (const name of options.webhooks ?? []) standIn.webhookUrl(name);
  return standIn;
}
