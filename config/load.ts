import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Definitions, readDefinitions } from './definitions.ts';
import { type Endpoints, endpointsSchema } from './endpoints.ts';
import { type Environment, type Need, readEnvironment, secretsOf } from './environment.ts';
import { givenIn } from './given.ts';
import { projectRoot } from './project-root.ts';
import { type QaRules, qaRulesSchema } from './qa.ts';
import { createRedact, type Redact } from './redact.ts';
import { merge, type Settings, settingsSchema } from './settings.ts';
import { readTemporalTarget, type TemporalTarget } from './temporal.ts';
import { check, Faults, readYaml } from './yaml-file.ts';

/** Everything that a process is told from outside: read once, whole, before anything else happens. */
export interface Config {
  readonly environment: Environment;
  readonly temporal: TemporalTarget;
  readonly settings: Settings;
  readonly endpoints: Endpoints;
  readonly qa: QaRules;
  readonly definitions: Definitions;
  /** SHA-256 over everything but the environment, hex: which configuration a plan was made with. */
  readonly hash: string;
  readonly redact: Redact;
  /** Where it was read. */
  readonly files: { readonly folder: string; readonly overlay: string | undefined };
}

/** Names every fault at once; its text is safe to print. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads environment and files.
 *
 * @param needs what the process cannot work without
 * @throws {ConfigError} with every fault of environment, YAML and prompts, files with their lines
 */
export function loadConfig(needs: readonly Need[], env: NodeJS.ProcessEnv = process.env): Config {
  const faults = new Faults();
  const environment = readEnvironment(env, needs, faults);
  const temporal = readTemporal(env, faults);
  // not from the checked environment: its faults must not hide those of the files
  const { GF25_CONFIG_DIR: given = join(projectRoot, 'config'), GF25_CONFIG_OVERLAY: over } = givenIn(env);
  const folder = resolve(given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    // each of its files would be one more fault
    faults.add('environment GF25_CONFIG_DIR', `there is no folder ${folder}`);
    throw new ConfigError(faults.list);
  }
  const overlay = over === undefined ? undefined : resolve(over);
  const settings = readSettings(folder, overlay, faults);
  const endpoints = check(endpointsSchema, readYaml(join(folder, 'api_endpoints.yaml'), faults), faults);
  const qa = check(qaRulesSchema, readYaml(join(folder, 'qa.yaml'), faults), faults);
  const definitions = readDefinitions(folder, settings, qa, faults);
  if (!environment || !temporal || !settings || !endpoints || !qa || faults.list.length > 0)
    throw new ConfigError(faults.list);
  const redact = createRedact(secretsOf(env));
  return {
    environment,
    temporal,
    settings,
    endpoints,
    qa,
    definitions,
    redact,
    files: { folder, overlay },
    hash: hashOf({ settings, endpoints, qa, definitions }),
  };
}

function readTemporal(env: NodeJS.ProcessEnv, faults: Faults): TemporalTarget | undefined {
  try {
    return readTemporalTarget(env);
  } catch (error) {
    faults.add('environment TEMPORAL_*', error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function readSettings(folder: string, overlay: string | undefined, faults: Faults): Settings | undefined {
  const base = readYaml(join(folder, 'gf25.yaml'), faults);
  if (overlay === undefined) return check(settingsSchema, base, faults);
  const over = readYaml(overlay, faults);
  // a fault is looked for in the overlay first: it stands there more often
  const where = (path: readonly PropertyKey[]) => (path.length > 0 && has(over.value, path) ? over : base).where(path);
  const isBroken = base.isBroken || over.isBroken;
  return check(settingsSchema, { value: merge(base.value, over.value), where, ...(isBroken && { isBroken }) }, faults);
}

function has(value: unknown, path: readonly PropertyKey[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    first in value &&
    has((value as Record<PropertyKey, unknown>)[first], rest)
  );
}

function hashOf(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Map) return Object.fromEntries(item) as unknown;
    return item instanceof RegExp ? item.source : item;
  });
  return createHash('sha256').update(text).digest('hex');
}
