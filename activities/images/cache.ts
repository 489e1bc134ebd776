import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';

/**
 * Canonical images on disk: one download per image and host (G19). An entry is a pair of files; the metadata is written
 * last and names the hash of the bytes, so that a reader never believes half an entry.
 */
export interface ImageCache {
  get(key: string): Promise<CachedImage | undefined>;
  /** Keeps an entry; a full disk means working without the cache, not failing. */
  put(key: string, image: CachedImage): Promise<void>;
  /** A file in the cache's folder for a download under way. */
  temporaryFile(): Promise<string>;
}

const leftoverAfterMs = 3_600_000;

const metaSchema = z.object({
  sha256: z.string(),
  width: z.int(),
  height: z.int(),
  originalWidth: z.int(),
  originalHeight: z.int(),
  metadata: z.record(z.string(), z.unknown()),
  fetchedAtMs: z.number(),
});

export interface CachedImage extends Omit<z.infer<typeof metaSchema>, 'fetchedAtMs'> {
  readonly bytes: Buffer;
}

export interface CacheOptions {
  readonly folder: string;
  readonly ttlMs: number;
  readonly maxBytes: number;
}

export async function createImageCache({ folder, ttlMs, maxBytes }: CacheOptions, log: Logger): Promise<ImageCache> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  await removeLeftovers(temporary);
  const files = (key: string) => ({ image: join(folder, `${key}.jpg`), meta: join(folder, `${key}.json`) });

  return {
    async get(key) {
      const { image, meta } = files(key);
      try {
        const { fetchedAtMs, ...entry } = metaSchema.parse(JSON.parse(await readFile(meta, 'utf8')));
        if (Date.now() - fetchedAtMs > ttlMs) return undefined;
        const bytes = await readFile(image);
        return hashOf(bytes) === entry.sha256 ? { ...entry, bytes } : undefined;
      } catch {
        // no entry, or one that a crash left half-written: fetched anew
        return undefined;
      }
    },
    async put(key, { bytes, ...entry }) {
      const { image, meta } = files(key);
      try {
        await writeWhole(join(temporary, randomUUID()), image, bytes);
        const text = JSON.stringify({ ...entry, fetchedAtMs: Date.now() });
        await writeWhole(join(temporary, randomUUID()), meta, Buffer.from(text));
        await evict(folder, maxBytes);
      } catch (error) {
        log.warn({ err: error }, 'the image cache cannot be written: working without it');
      }
    },
    temporaryFile: async () => join(temporary, randomUUID()),
  };
}

export const hashOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

async function writeWhole(temporary: string, path: string, bytes: Buffer): Promise<void> {
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
    await rm(temporary, { force: true });
  }
}

/** Files of dead downloads. Young ones may belong to another process that shares the folder. */
async function removeLeftovers(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const info = await stat(join(temporary, name)).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > leftoverAfterMs) await rm(join(temporary, name), { force: true });
  }
}

/** The oldest go first, until nine tenths of the bound are left. */
async function evict(folder: string, maxBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg'));
  const entries = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => undefined);
      return { name, sizeBytes: info?.size ?? 0, writtenAtMs: info?.mtimeMs ?? 0 };
    }),
  );
  let total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total <= maxBytes) return;
  for (const { name, sizeBytes } of entries.sort((a, b) => a.writtenAtMs - b.writtenAtMs)) {
    if (total <= maxBytes * 0.9) return;
    await rm(join(folder, name.replace(/\.jpg$/, '.json')), { force: true });
    await rm(join(folder, name), { force: true });
    total -= sizeBytes;
  }
}
