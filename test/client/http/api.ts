import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, onTestFinished } from 'vitest';
import { type OnLost, openActionLog } from '../../../client/audit/action-log.ts';
import { type AppDeps, buildApp } from '../../../client/http/app.ts';
import type { Role } from '../../../client/http/auth/access.ts';
import { createVerifyToken, type TokenSettings } from '../../../client/http/auth/verify-token.ts';
import { createApiMetrics } from '../../../client/http/metrics.ts';
import type { ZodApp } from '../../../client/http/zod-app.ts';
import { loadConfig } from '../../../config/load.ts';
import type { ApiSettings } from '../../../config/api.ts';
import type { Reloaded } from '../../../config/live-config.ts';
import { createRedact } from '../../../config/redact.ts';
import { merge } from '../../../config/settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { operationsStandIn } from './operations-stand-in.ts';

export const secret = 'a secret of this test, of 32 bytes or more';
const shippedSettings: ApiSettings = loadConfig([], {}).endpoints.api;

export interface ApiOptions {
  /** Undefined: no authentication is configured. */
  readonly tokens?: TokenSettings | undefined;
  /** Merged over what we ship. */
  readonly settings?: object;
  readonly health?: AppDeps['health'];
  readonly environment?: AppDeps['environment'];
  readonly reload?: AppDeps['live']['reload'];
  readonly stateFolder?: string;
  readonly prices?: ReturnType<AppDeps['prices']>;
  /** Default: some that need no Temporal. */
  readonly operations?: AppDeps['operations'];
}

const reloaded: Reloaded = {
  ...{ outcome: 'unchanged', hash: 'a'.repeat(64), version: 1, since: '2026-11-21T12:00:00.000Z' },
  ...{ faults: [], needsRestart: [] },
};

const apps: ZodApp[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/** The whole API without a port. */
export async function openApi({ tokens = { secret }, settings = {}, ...options }: ApiOptions = {}) {
  const standIn = operationsStandIn();
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const api = merge(shippedSettings, settings) as ApiSettings;
  const stateFolder = options.stateFolder ?? (await temporaryFolder());
  const onLost: OnLost = (record, error) => log.error({ err: error, record }, 'lost');
  const actions = openActionLog({ stateFolder, redact: createRedact([secret]), onLost });
  onTestFinished(() => actions.close());
  const app = await buildApp({
    ...{
      log,
      metrics: createApiMetrics('1.2.3'),
      version: '1.2.3',
      operations: options.operations ?? standIn.operations,
    },
    health: options.health ?? (async () => ({ status: 'healthy', components: [] })),
    verifyToken: createVerifyToken(tokens, api.auth),
    settings: () => api,
    prices: () => options.prices,
    environment: options.environment ?? 'production',
    stateFolder,
    live: { reload: options.reload ?? (() => reloaded) },
    actions,
  });
  apps.push(app);
  return { app, stateFolder, log: () => lines.join(''), ...standIn };
}

/** A token that is good for an hour. */
export const tokenFor = (role: Role | undefined, claims: Record<string, unknown> = {}) =>
  new SignJWT({ ...(role && { roles: [role] }), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`a ${role ?? 'stranger'}`)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const asRole = async (role: Role) => bearer(await tokenFor(role));
