import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CachedImage, type CacheOptions, createImageCache } from '../../../activities/images/cache.ts';
import { writeWhole } from '../../../activities/images/cache-files.ts';
import { sha256 } from '../../../activities/shared/digest.ts';
import { createMetrics } from '../../../activities/shared/metrics.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const hourMs = 3_600_000;

/** A cache in a folder for one test. */
export async function cacheIn(given: Partial<CacheOptions> = {}) {
  const { ttlMs = hourMs, maxBytes = 1_000_000, pinned, write } = given;
  const folder = given.folder ?? (await temporaryFolder());
  const recording = recordingLog();
  const metrics = createMetrics();
  const options = { folder, ttlMs, maxBytes, ...(pinned && { pinned }), ...(write && { write }) };
  const cache = await createImageCache(options, recording.log, metrics);
  const temporaryFile = async () => (await cache.temporaryFile()) ?? 'the cache gives no file';
  return { folder, recording, metrics, cache, temporaryFile };
}

export function imageOf(bytes: Buffer = randomBytes(1_000)): CachedImage {
  const sizes = { width: 1036, height: 784, originalWidth: 640, originalHeight: 480 };
  return { bytes, sha256: sha256(bytes), ...sizes, metadata: { format: 'png', orientation: 6, hasProfile: false } };
}

/** A disk that has room for so many bytes of entries. */
export const diskOf =
  (folder: string, sizeBytes: number): typeof writeWhole =>
  async (temporary, path, bytes) => {
    const files = (await readdir(folder, { withFileTypes: true })).filter((file) => file.isFile());
    const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(folder, name))).size));
    const usedBytes = sizes.reduce((sum, size) => sum + size, 0);
    if (usedBytes + bytes.length > sizeBytes)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await writeWhole(temporary, path, bytes);
  };
