import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { givenIn } from '../../config/given.ts';

/** What a process of the demo may know of the surrounding environment: nothing that would send it elsewhere. */
const passed = /^(GF25_CONFIG_|GF25_LOG_LEVEL$|GF25_VISION_API_KEY$|GF25_JWT_)/;
const ofTemporal = /^TEMPORAL_/;

const pick = (env: NodeJS.ProcessEnv, names: RegExp) =>
  Object.fromEntries(Object.entries(givenIn(env)).filter(([name]) => names.test(name)));

/** What all of our processes share. */
export const commonEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> => ({
  ...pick(env, passed),
  GF25_ENV: 'development',
  // at the end nothing is worth waiting for
  GF25_SHUTDOWN_SECONDS: '2',
});

/** The Temporal server that the environment names, as it names it. Undefined: none. */
export const givenTemporal = (env: NodeJS.ProcessEnv): Record<string, string> | undefined =>
  givenIn(env)['TEMPORAL_ADDRESS'] ? pick(env, ofTemporal) : undefined;

/** Our own server, whatever profile this user keeps for other servers: written to a file of our own. */
export async function ownTemporal(address: string, folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'temporal.toml');
  await writeFile(file, `[profile.default]\naddress = "${address}"\n`);
  return { TEMPORAL_ADDRESS: address, TEMPORAL_CONFIG_FILE: file };
}

export const visionUrl = (env: NodeJS.ProcessEnv) =>
  (givenIn(env)['GF25_VISION_URL'] ?? 'http://127.0.0.1:11434').replace(/\/+$/, '');
