import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../config/make-folder.ts';

const ownerFile = 'owner.pid';

/**
 * An empty folder of this run below the state directory: `demo`, or `demo-2` and so on while another demo runs. What the
 * last run left there is removed.
 */
export async function claimStateFolder(base: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = resolve(base, number === 1 ? 'demo' : `demo-${number}`);
    if (!(await claim(folder))) continue;
    const left = (await readdir(folder)).filter((name) => name !== ownerFile);
    await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
    return folder;
  }
}

/** The next run need not ask whether this one still lives. */
export const releaseStateFolder = (folder: string) => rm(join(folder, ownerFile), { force: true });

async function claim(folder: string): Promise<boolean> {
  const file = join(folder, ownerFile);
  await makeFolder(folder);
  const isOurs = await writeFile(file, String(process.pid), { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (isOurs) return true;
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner !== process.pid && isAlive(owner)) return false;
  // it was killed before it could say goodbye
  await writeFile(file, String(process.pid));
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
