import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError, loadConfig } from '../../config/load.ts';
import type { Need } from '../../config/environment.ts';
import { projectRoot } from '../../config/project-root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const shippedFolder = join(projectRoot, 'config');

/** What a process finds: a copy of the shipped files with some of them changed, and the environment that points there. */
export async function configFolder(edits: Readonly<Record<string, (text: string) => string>> = {}) {
  const folder = await temporaryFolder();
  for (const name of ['analyses', 'prompts', 'gf25.yaml', 'qa.yaml', 'api_endpoints.yaml'])
    await cp(join(shippedFolder, name), join(folder, name), { recursive: true });
  for (const [name, edit] of Object.entries(edits)) {
    const file = join(folder, name);
    await writeFile(file, edit(await readFile(file, 'utf8').catch(() => '')));
  }
  const env: NodeJS.ProcessEnv = { GF25_CONFIG_DIR: folder };
  return { folder, env };
}

/** Loads from an edited copy. */
export async function loadEdited(
  edits: Readonly<Record<string, (text: string) => string>>,
  more: NodeJS.ProcessEnv = {},
): Promise<Config> {
  const { env } = await configFolder(edits);
  return loadConfig([], { ...env, ...more });
}

/** The faults that a start would name. */
export function faultsOf(env: NodeJS.ProcessEnv, needs: readonly Need[] = []): readonly string[] {
  try {
    loadConfig(needs, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

export async function faultsOfEdited(
  edits: Readonly<Record<string, (text: string) => string>>,
  more: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const { env } = await configFolder(edits);
  return faultsOf({ ...env, ...more });
}
