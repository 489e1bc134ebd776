import { randomUUID } from 'node:crypto';
import { mkdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { sha256 } from '../shared/digest.ts';
import type { Metrics } from '../shared/metrics.ts';
import { evict, metaSchema, removeEntry, removeLeftovers, writeWhole } from './cache-files.ts';

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
  /** Tells that the disk took nothing: for a while nothing is written. */
  suspend(error: unknown): void;
}

/** How long a disk that took nothing is left alone. */
const suspendedMs = 60_000;
/** Other processes write into the folder, too: it is looked through again after so many entries of our own. */
const putsPerLook = 256;

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
}

type CacheMetrics = Pick<Metrics, 'imageCache' | 'imageCacheUsable'>;

export async function createImageCache(
  { folder, ttlMs, maxBytes, pinned = () => new Set() }: CacheOptions,
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
  const makeRoom = async () => {
    putsSinceLook += 1;
    if (knownBytes <= maxBytes && putsSinceLook < putsPerLook) return;
    const { leftBytes, evicted } = await evict(folder, maxBytes, pinned());
    knownBytes = leftBytes;
    putsSinceLook = 0;
    if (evicted > 0) count('evicted', evicted);
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
      const { image, meta } = files(key);
      try {
        if (suspendedUntilMs !== undefined) await mkdir(temporary, { recursive: true });
        const text = Buffer.from(JSON.stringify({ ...entry, fetchedAtMs: Date.now() }));
        await writeWhole(join(temporary, randomUUID()), image, bytes);
        await writeWhole(join(temporary, randomUUID()), meta, text);
        knownBytes += bytes.length + text.length;
        resume();
        await makeRoom();
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
