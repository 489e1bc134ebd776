import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * `mkdir -p`. Node's own recursive mkdir never ends where a file system says "no such file or directory" of a folder that
 * nobody can make, as `/proc` does: it makes the parent, which is there, and tries again.
 *
 * @throws Error of the file system
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    await makeIn(parent, path);
  }
}

async function makeIn(parent: string, path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // somebody else may have made it meanwhile
    if (await isFolder(path)) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`nothing can be made in ${parent}`, { cause: error });
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
