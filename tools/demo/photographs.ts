import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const owner = '@vladmandic/face-api';

/** The six photographs, as the optional package brings them: 1920x1280 and more, with people and everyday things. */
export const photographs = Array.from({ length: 6 }, (_, index) => `sample${index + 1}.jpg`);

/**
 * The folder that holds them; they stay where npm put them.
 *
 * @throws Error naming the package and the command that installs it
 */
export function photographFolder(resolve = createRequire(import.meta.url).resolve): string {
  let folder: string | undefined;
  try {
    folder = join(dirname(resolve(`${owner}/package.json`)), 'demo');
  } catch {
    // said below, together with a package that has changed its shape
  }
  if (folder === undefined || !photographs.every((name) => existsSync(join(folder, name))))
    throw new Error(
      `the photographs of the optional package ${owner} are not there: run "npm install --include=optional", ` +
        'or use drawn pictures with --vision stand-in',
    );
  return folder;
}
