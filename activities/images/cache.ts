import { randomUUID } from 'node:crypto';
import { mkdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { sha256 } from '../shared/digest.ts';
import type { Metrics } from '../shared/metrics.ts';
import { evict, isFull, metaSchema, removeEntry, removeLeftovers, writeWhole } from './cache-files.ts';

/**
 * Canonical images on disk: one download per image and host (G19). An entry is a pair of files; the metadata is written
 * last and names the hash of the bytes, so that a reader never believes half an entry. Processes may share the folder.
 */
export interface ImageCache {
  get(key: string): Promise<CachedImage | undefined>;
  /** Keeps an entry; a disk that does not take it means working without the cache, not failing. */
  put(key: string, image: CachedImage): Promise<void>;
  /** A file in the cache's folder for a download under way; undefined while the disk takes nothing. */
  temporaryFile(): Promise<string | undefined>;
  /**
   * Where the disk is full, takes out what was used longest ago, but nothing that is staged. Resolves to whether there is
   * room now, so that it is worth another try.
   */
  makeRoom(error: unknown): Promise<boolean>;
  /** Tells that the disk took nothing: for a while nothing is written. */
  suspend(error: unknown): void;
}

/** How long a disk that took nothing is left alone. */
const suspendedMs = 60_000;
/** Other processes write into the folder, too: it is looked through again after so many entries of our own. */
const putsPerLook = 256;
/** Of a full disk so much is made free at a time, or a tenth of the cache where that is more. */
const roomBytes = 32 * 1024 * 1024;

export interface CachedImage extends Omit<z.infer<typeof metaSchema>, 'fetchedAtMs' | 'metadata'> {
  readonly bytes: Buffer;
  readonly metadata: object;
}

export interface CacheOptions {
  readonly folder: string;
  readonly ttlMs: number;
  /** Both files of all entries. */
  readonly maxBytes: number;
  /** Hashes of images that are in use and stay, whatever the bound. */
  readonly pinned?: () => ReadonlySet<string>;
  /** Default: the disk. */
  readonly write?: typeof writeWhole;
}

type CacheMetrics = Pick<Metrics, 'imageCache' | 'imageCacheUsable'>;

export async function createImageCache(
  { folder, ttlMs, maxBytes, pinned = () => new Set(), write = writeWhole }: CacheOptions,
  log: Logger,
  metrics: CacheMetrics,
): Promise<ImageCache> {
  const temporary = join(folder, 'tmp');
  const files = (key: string) => ({ image: join(folder, `${key}.jpg`), meta: join(folder, `${key}.json`) });
  const count = (outcome: string, by = 1) => metrics.imageCache.inc({ outcome }, by);
  let suspendedUntilMs: number | undefined;
  let knownBytes = 0;
  let putsSinceLook = 0;

  const suspend = (error: unknown) => {
    // said once, until it works again
    if (suspendedUntilMs === undefined)
      log.warn({ err: error }, 'the image cache cannot be written: working without it');
    suspendedUntilMs = Date.now() + suspendedMs;
    metrics.imageCacheUsable.set(0);
    count('disk-fault');
  };
  const resume = () => {
    if (suspendedUntilMs !== undefined) log.info('the image cache can be written again');
    suspendedUntilMs = undefined;
    metrics.imageCacheUsable.set(1);
  };
  const evictTo = async (aim: (totalBytes: number) => number) => {
    const { leftBytes, evicted } = await evict(folder, aim, pinned());
    knownBytes = leftBytes;
    putsSinceLook = 0;
    if (evicted > 0) count('evicted', evicted);
    return evicted;
  };
  const keepBound = async () => {
    putsSinceLook += 1;
    if (knownBytes <= maxBytes && putsSinceLook < putsPerLook) return;
    await evictTo((totalBytes) => (totalBytes > maxBytes ? maxBytes * 0.9 : totalBytes));
  };
  const makeRoom = async (error: unknown) => {
    if (!isFull(error)) return false;
    const evicted = await evictTo((totalBytes) => Math.min(totalBytes * 0.9, totalBytes - roomBytes)).catch(() => 0);
    if (evicted > 0) log.info({ evicted, leftBytes: knownBytes }, 'the disk is full: the image cache makes room');
    return evicted > 0;
  };
  const writeEntry = async (key: string, bytes: Buffer, text: Buffer) => {
    const { image, meta } = files(key);
    await write(join(temporary, randomUUID()), image, bytes);
    await write(join(temporary, randomUUID()), meta, text);
  };

  try {
    await mkdir(temporary, { recursive: true });
    knownBytes = await removeLeftovers(folder, temporary, ttlMs);
    resume();
  } catch (error) {
    suspend(error);
  }

  return {
    suspend,
    makeRoom,
    async get(key) {
      const { image, meta } = files(key);
      const found = await readEntry(image, meta, ttlMs);
      count(found.outcome);
      // the image file's time is its last use; when it was fetched stands in the metadata
      if (found.outcome === 'hit') await utimes(image, new Date(), new Date()).catch(() => undefined);
      return found.image;
    },
    async put(key, { bytes, ...entry }) {
      if (suspendedUntilMs !== undefined && Date.now() < suspendedUntilMs) return;
      const text = Buffer.from(JSON.stringify({ ...entry, fetchedAtMs: Date.now() }));
      try {
        if (suspendedUntilMs !== undefined) await mkdir(temporary, { recursive: true });
        await writeEntry(key, bytes, text).catch(async (error: unknown) => {
          if (!(await makeRoom(error))) throw error;
          await writeEntry(key, bytes, text);
        });
        knownBytes += bytes.length + text.length;
        resume();
        await keepBound();
      } catch (error) {
        suspend(error);
        // half an entry takes room for nothing
        await removeEntry(folder, key).catch(() => undefined);
      }
    },
    temporaryFile: async () => (suspendedUntilMs === undefined ? join(temporary, randomUUID()) : undefined),
  };
}

interface Found {
  readonly outcome: 'hit' | 'miss' | 'expired' | 'damaged';
  readonly image?: CachedImage;
}

async function readEntry(image: string, meta: string, ttlMs: number): Promise<Found> {
  const text = await readFile(meta, 'utf8').catch(() => undefined);
  if (text === undefined) return { outcome: 'miss' };
  try {
    const { fetchedAtMs, ...entry } = metaSchema.parse(JSON.parse(text));
    // an entry from the future is one of another clock
    if (Math.abs(Date.now() - fetchedAtMs) > ttlMs) return { outcome: 'expired' };
    const bytes = await readFile(image);
    return sha256(bytes) === entry.sha256 ? { outcome: 'hit', image: { ...entry, bytes } } : { outcome: 'damaged' };
  } catch {
    // one that a crash left half-written, or a bad disk: fetched anew
    return { outcome: 'damaged' };
  }
}
