import { readFileSync } from 'node:fs';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { type Given, givenIn } from './given.ts';

export interface TemporalTarget extends ClientConnectConfig {
  readonly namespace: string;
  /** For messages to people. */
  readonly address: string;
}

/** Temporal does not answer: exit code 4 of the CLI, 503 of the API. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  readonly code = 'TemporalUnreachable';
  readonly address: string;
  constructor(address: string, cause: unknown) {
    super(`Temporal does not answer at ${address}`, { cause });
    this.address = address;
  }
}

const defaultAddress = '127.0.0.1:7233';

/**
 * Where Temporal is: the same variables and TOML profile as the `temporal` CLI reads (TEMPORAL_ADDRESS, _NAMESPACE,
 * _API_KEY, _TLS*, _PROFILE, _CONFIG_FILE).
 *
 * @throws {Error} a profile that is not there, a file that cannot be read; it names them
 */
export function readTemporalTarget(env: NodeJS.ProcessEnv = process.env): TemporalTarget {
  const { connectionOptions, namespace = 'default' } = load(givenIn(env));
  const address = connectionOptions.address ?? defaultAddress;
  return { connectionOptions: { ...connectionOptions, address }, namespace, address };
}

function load(env: Given): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (error) {
    if (isBlank(env)) return loadClientConnectConfig({ overrideEnvVars: env, disableFile: true });
    const file = env['TEMPORAL_CONFIG_FILE'] ?? "the temporal CLI's configuration file";
    // a file without any profile makes the loader stumble
    const reason = error instanceof TypeError ? 'no [profile.NAME] in it' : (error as Error).message.trim();
    throw new Error(`with ${file}: ${reason}`, { cause: error });
  }
}

/** A file that says nothing, such as /dev/null, is no file, as for the `temporal` CLI; unless a profile of it is meant. */
function isBlank({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: profile }: Given): boolean {
  if (file === undefined || profile !== undefined) return false;
  try {
    return readFileSync(file, 'utf8').replace(/#.*/g, '').trim() === '';
  } catch {
    return false;
  }
}
