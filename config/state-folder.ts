import { accessSync, constants } from 'node:fs';
import { ConfigError } from './load.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes the folder for what outlives a process, if need be.
 *
 * @throws {ConfigError} when nothing can be written there
 */
export function openStateFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new ConfigError([`environment GF25_STATE_DIR: nothing can be kept in ${folder}: ${String(error)}`]);
  }
}
