import { sha256 } from '../shared/http.ts';

export interface Webhook {
  readonly name: string;
  /** Digits, like Discord's snowflakes. */
  readonly id: string;
  readonly token: string;
}

/** Below Discord's base, with or without an API version. */
const WEBHOOK_PATH = /^\/api(?:\/v\d+)?\/webhooks\/(?<id>\d+)\/(?<token>[^/]+)$/;

/** The webhook of a name; the same name always has the same id and token. */
export function webhookOf(name: string): Webhook {
  const digest = sha256(`webhook ${name}`);
  return {
    name,
    id: `1${BigInt(`0x${digest.slice(0, 14)}`)
      .toString()
      .padStart(17, '0')}`,
    token: `stand-in-${digest}`,
  };
}

export function pathOf(webhook: Webhook): string {
  return `/api/webhooks/${webhook.id}/${webhook.token}`;
}

export function parseWebhookPath(path: string): { readonly id: string; readonly token: string } | undefined {
  return WEBHOOK_PATH.exec(path)?.groups as { id: string; token: string } | undefined;
}
