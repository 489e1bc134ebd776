import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. One by one: with `recursive: true` Node never returns below /proc.
 *
 * @throws the system's error, when a folder cannot be made or a file stands in its place
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // another process may have been faster
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
