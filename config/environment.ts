import { hostname } from 'node:os';
import { z } from 'zod';
import { type Given, givenIn } from './given.ts';
import type { Faults } from './yaml-file.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const port = z.coerce.number('must be a port number').int().min(0).max(65_535);
const optionalText = z.string().min(1).optional();

/** A key from a file may have its line break with it. */
const headerText = z
  .string()
  .regex(
    /^[!-~]+( +[!-~]+)*$/,
    'must be printable ASCII without blanks or line breaks around it: it is sent in a header',
  )
  .optional();

const variables = z.object({
  GF25_ENV: z.enum(['production', 'development']).default('production'),
  GF25_CONFIG_DIR: optionalText,
  GF25_CONFIG_OVERLAY: optionalText,
  GF25_STATE_DIR: z.string().min(1).default('.gf25'),
  GF25_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  GF25_SHUTDOWN_SECONDS: z.coerce.number('must be a number of seconds').min(0).default(30),
  GF25_WORKER_PORT: port.optional(),
  GF25_API_HOST: z.string().min(1).default('127.0.0.1'),
  GF25_API_PORT: port.default(8080),
  GF25_JWT_ISSUER: optionalText,
  GF25_JWT_AUDIENCE: optionalText,
  GF25_JWT_JWKS_URL: url.optional(),
  // RFC 7518, 3.2: a key for HS256 has at least as many bits as its hash
  GF25_JWT_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, { error: 'must have at least 32 bytes: openssl rand -hex 32' })
    .optional(),
  GOFLOW_BASE_URL: url.optional(),
  GOFLOW_API_KEY: headerText,
  GOFLOW_MEDIA_BASE_URL: url.optional(),
  GF25_GPU_HOST: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'letters, digits, ".", "_" and "-" only: it is part of a queue name')
    .optional(),
  GF25_VISION_PROVIDER: z.enum(['ollama', 'openai', 'embedded']).default('ollama'),
  GF25_VISION_URL: url.default('http://127.0.0.1:11434'),
  GF25_VISION_API_KEY: headerText,
  GF25_LANES: z.coerce.number('must be a number of lanes').int().min(1).max(256).default(1),
  DISCORD_WEBHOOK_BATCH_MANIFEST: url.optional(),
  DISCORD_WEBHOOK_QA_STRUCTURAL: url.optional(),
  DISCORD_WEBHOOK_QA_CONTENT: url.optional(),
  DISCORD_WEBHOOK_QA_DOMAIN: url.optional(),
  DISCORD_WEBHOOK_BATCH_REPORT: url.optional(),
});

/** Every variable of our own; those of Temporal are read by `@temporalio/envconfig`. */
export const environmentNames: readonly string[] = Object.keys(variables.shape);

/** What a process needs beyond the variables that have defaults. */
export type Need = 'goflow' | 'media' | 'callers';

export interface Environment extends z.infer<typeof variables> {
  readonly isDevelopment: boolean;
  readonly gpuHost: string;
}

/**
 * Reads the environment once, whole. An empty value counts as not set: `given.ts`.
 *
 * @param needs what this process cannot work without; what is missing becomes a fault
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  needs: readonly Need[],
  faults: Faults,
): Environment | undefined {
  const given = givenIn(env);
  checkNeeds(given, needs, faults);
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    // never the value itself: it may be a secret
    for (const { path, message } of parsed.error.issues) faults.add(`environment ${path.join('.')}`, message);
    return undefined;
  }
  const environment = parsed.data;
  return {
    ...environment,
    isDevelopment: environment.GF25_ENV === 'development',
    gpuHost: environment.GF25_GPU_HOST ?? hostname(),
  };
}

function checkNeeds(given: Given, needs: readonly Need[], faults: Faults): void {
  const requireTls = (name: string) => {
    if (given['GF25_ENV'] !== 'development' && /^http:/i.test(given[name] ?? ''))
      faults.add(`environment ${name}`, 'must be https unless GF25_ENV=development');
  };
  if (needs.includes('goflow')) {
    for (const name of ['GOFLOW_BASE_URL', 'GOFLOW_API_KEY'])
      if (given[name] === undefined) faults.add(`environment ${name}`, 'is required');
    requireTls('GOFLOW_BASE_URL');
  }
  if (needs.includes('media')) {
    if (given['GOFLOW_MEDIA_BASE_URL'] === undefined && given['GOFLOW_BASE_URL'] === undefined)
      faults.add('environment GOFLOW_MEDIA_BASE_URL', 'is required (or GOFLOW_BASE_URL): relative image paths need it');
    requireTls(given['GOFLOW_MEDIA_BASE_URL'] === undefined ? 'GOFLOW_BASE_URL' : 'GOFLOW_MEDIA_BASE_URL');
  }
  if (needs.includes('callers')) {
    requireTls('GF25_JWT_JWKS_URL');
    const [jwks, secret] = [given['GF25_JWT_JWKS_URL'], given['GF25_JWT_SECRET']];
    // two kinds of keys invite tokens that are checked with the wrong one
    if (jwks !== undefined && secret !== undefined)
      faults.add('environment GF25_JWT_SECRET', 'cannot be set together with GF25_JWT_JWKS_URL: choose one');
    for (const name of ['GF25_JWT_ISSUER', 'GF25_JWT_AUDIENCE'])
      if (given[name] !== undefined && jwks === undefined && secret === undefined)
        faults.add(`environment ${name}`, 'is of no use without GF25_JWT_JWKS_URL or GF25_JWT_SECRET');
  }
}

/** Where a process keeps what outlives it, also for tools that need nothing else of the environment. */
export const stateFolder = (env: NodeJS.ProcessEnv = process.env) => givenIn(env)['GF25_STATE_DIR'] ?? '.gf25';

/** Everything that must never be seen in a log, a history, an audit file or an error text. */
export function secretsOf(env: NodeJS.ProcessEnv = process.env): string[] {
  const names = Object.keys(env).filter((name) =>
    /^(GOFLOW_API_KEY|GF25_VISION_API_KEY|GF25_JWT_SECRET|TEMPORAL_API_KEY|DISCORD_WEBHOOK_)/.test(name),
  );
  return names.map((name) => env[name] ?? '').filter((value) => value.length >= 4);
}
