import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Jobs in hand, on disk before anything looks at them: E1 has no acknowledgement, so between its answer and Temporal's
 * history these files are all there is. Raw bodies, one file each.
 */
export interface JobJournal {
  /** Resolves once the body would survive a power failure. */
  write(acquisitionId: string, raw: Buffer): Promise<void>;
  /** The oldest job that is not known to be settled. */
  oldest(): Promise<{ readonly acquisitionId: string; readonly raw: Buffer } | undefined>;
  /** Takes a job out. Settling what another host holds is no error. */
  settle(acquisitionId: string): Promise<void>;
  /** Where a malformed body stays for the operator. */
  keepMalformed(acquisitionId: string): Promise<string>;
}

export function createJobJournal(folder: string): JobJournal {
  const malformed = join(folder, 'malformed');
  const ready = mkdir(malformed, { recursive: true });
  const file = (acquisitionId: string) => join(folder, `${acquisitionId}.json`);
  return {
    async write(acquisitionId, raw) {
      await ready;
      await writeDurably(`${file(acquisitionId)}.tmp`, raw);
      await rename(`${file(acquisitionId)}.tmp`, file(acquisitionId));
      await syncFolder(folder);
    },
    async oldest() {
      await ready;
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
      const [name] = names;
      if (name === undefined) return undefined;
      return { acquisitionId: name.slice(0, -'.json'.length), raw: await readFile(join(folder, name)) };
    },
    settle: (acquisitionId) => rm(file(acquisitionId), { force: true }),
    async keepMalformed(acquisitionId) {
      await ready;
      const kept = join(malformed, `${acquisitionId}.json`);
      const raw = await readFile(file(acquisitionId)).catch(() => undefined);
      if (raw) await writeDurably(kept, raw);
      return kept;
    },
  };
}

async function writeDurably(path: string, data: Buffer): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
