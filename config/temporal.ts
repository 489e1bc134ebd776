import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalTarget extends ClientConnectConfig {
  readonly namespace: string;
  /** For messages to people. */
  readonly address: string;
}

const defaultAddress = '127.0.0.1:7233';

/**
 * Where Temporal is: the same variables and TOML profile as the `temporal` CLI reads (TEMPORAL_ADDRESS, _NAMESPACE,
 * _API_KEY, _TLS*, _PROFILE, _CONFIG_FILE).
 */
export function readTemporalTarget(env: NodeJS.ProcessEnv = process.env): TemporalTarget {
  // an empty value counts as not set, as everywhere in config/
  const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars: given });
  const address = connectionOptions.address ?? defaultAddress;
  return { connectionOptions: { ...connectionOptions, address }, namespace, address };
}
