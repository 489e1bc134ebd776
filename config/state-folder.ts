import { access, constants } from 'node:fs/promises';
import { ConfigError } from './load.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes the folder for what outlives a process, if need be.
 *
 * @throws {ConfigError} when nothing can be written there
 */
export async function openStateFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new ConfigError([`environment GF25_STATE_DIR: ${folder} cannot be used: ${(error as Error).message}`]);
  }
}
