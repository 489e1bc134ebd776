import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The files of the image cache: `<key>.jpg` and `<key>.json`, and `tmp/` for what is not whole yet. */
export const metaSchema = z.object({
  sha256: z.string(),
  width: z.int(),
  height: z.int(),
  originalWidth: z.int(),
  originalHeight: z.int(),
  metadata: z.record(z.string(), z.unknown()),
  fetchedAtMs: z.number(),
});

export interface Entry {
  readonly key: string;
  readonly sizeBytes: number;
  /** An image without metadata, or the other way round. */
  readonly isHalf: boolean;
  /** The image file's time, which is moved with every use. */
  readonly usedAtMs: number;
  readonly fetchedAtMs: number;
}

/** A file that is not whole yet may belong to another process that shares the folder; one of that age does not. */
const leftoverAfterMs = 3_600_000;

/** Writes a file that is there whole or not at all, also after a loss of power. */
export async function writeWhole(temporary: string, path: string, bytes: Buffer): Promise<void> {
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function listEntries(folder: string): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for (const name of await readdir(folder)) {
    const [, key, kind] = /^(.+)\.(jpg|json)$/.exec(name) ?? [];
    const info = key !== undefined ? await stat(join(folder, name)).catch(() => undefined) : undefined;
    if (key === undefined || info === undefined) continue;
    const other = entries.get(key);
    entries.set(key, {
      key,
      sizeBytes: info.size + (other?.sizeBytes ?? 0),
      isHalf: other === undefined,
      usedAtMs: kind === 'jpg' ? info.mtimeMs : (other?.usedAtMs ?? info.mtimeMs),
      fetchedAtMs: kind === 'json' ? info.mtimeMs : (other?.fetchedAtMs ?? info.mtimeMs),
    });
  }
  return [...entries.values()];
}

/** The metadata first: an image alone is no entry. */
export async function removeEntry(folder: string, key: string): Promise<void> {
  try {
    await rm(join(folder, `${key}.json`), { force: true });
  } finally {
    await rm(join(folder, `${key}.jpg`), { force: true });
  }
}

/**
 * What dead processes left: unfinished files, halves of entries, and entries that nobody may use any more. Resolves to
 * the bytes that stay.
 */
export async function removeLeftovers(folder: string, temporary: string, ttlMs: number): Promise<number> {
  const before = Date.now() - leftoverAfterMs;
  for (const name of await readdir(temporary)) {
    const info = await stat(join(temporary, name)).catch(() => undefined);
    if (info && info.mtimeMs < before) await rm(join(temporary, name), { force: true });
  }
  let leftBytes = 0;
  for (const { key, sizeBytes, isHalf, usedAtMs, fetchedAtMs } of await listEntries(folder)) {
    const isDead = isHalf ? usedAtMs < before : fetchedAtMs < Date.now() - ttlMs - leftoverAfterMs;
    if (isDead) await removeEntry(folder, key);
    else leftBytes += sizeBytes;
  }
  return leftBytes;
}

/**
 * What was used longest ago goes first. Pinned images stay, whatever the aim.
 *
 * @param aim how many bytes may stay, of so many that are there
 * @param pinned hashes of images in use
 */
export async function evict(
  folder: string,
  aim: (totalBytes: number) => number,
  pinned: ReadonlySet<string>,
): Promise<{ leftBytes: number; evicted: number }> {
  const entries = await listEntries(folder);
  let leftBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const mayStayBytes = aim(leftBytes);
  let evicted = 0;
  for (const { key, sizeBytes } of entries.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (leftBytes <= mayStayBytes) break;
    if (pinned.size > 0 && pinned.has(await hashIn(folder, key))) continue;
    await removeEntry(folder, key);
    leftBytes -= sizeBytes;
    evicted += 1;
  }
  return { leftBytes, evicted };
}

/** Whether a disk, or a quota of it, is full. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) || isFull(error.cause);
}

async function hashIn(folder: string, key: string): Promise<string> {
  try {
    return metaSchema.parse(JSON.parse(await readFile(join(folder, `${key}.json`), 'utf8'))).sha256;
  } catch {
    return '';
  }
}
