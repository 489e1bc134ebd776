import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CachedImage, type CacheOptions, createImageCache, hashOf } from '../../../activities/images/cache.ts';
import { createMetrics } from '../../../activities/shared/metrics.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => vi.useRealTimers());

const hourMs = 3_600_000;

async function cacheIn(given: Partial<CacheOptions> = {}) {
  const { ttlMs = hourMs, maxBytes = 1_000_000, pinned } = given;
  const folder = given.folder ?? (await temporaryFolder());
  const recording = recordingLog();
  const metrics = createMetrics();
  const options = { folder, ttlMs, maxBytes, ...(pinned && { pinned }) };
  const cache = await createImageCache(options, recording.log, metrics);
  const temporaryFile = async () => (await cache.temporaryFile()) ?? 'the cache gives no file';
  return { folder, recording, metrics, cache, temporaryFile };
}

function imageOf(bytes: Buffer = randomBytes(1_000)): CachedImage {
  const sizes = { width: 1036, height: 784, originalWidth: 640, originalHeight: 480 };
  return { bytes, sha256: hashOf(bytes), ...sizes, metadata: { format: 'png', orientation: 6, hasProfile: false } };
}

describe('an entry', () => {
  test('comes back as it was kept, for every process that shares the folder', async () => {
    const image = imageOf();
    const { folder, cache } = await cacheIn();
    await cache.put('a', image);
    expect(await cache.get('a')).toEqual(image);
    expect(await (await cacheIn({ folder })).cache.get('a')).toEqual(image);
  });

  test('is found under its own key only', async () => {
    const { cache } = await cacheIn();
    await cache.put('a', imageOf());
    expect(await cache.get('b')).toBeUndefined();
  });

  test('takes the place of the one before', async () => {
    const { cache } = await cacheIn();
    await cache.put('a', imageOf());
    const second = imageOf();
    await cache.put('a', second);
    expect(await cache.get('a')).toEqual(second);
  });

  test('lives as long as it may, and no longer, also after a restart', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T10:00:00Z') });
    const { folder, cache } = await cacheIn({ ttlMs: 24 * hourMs });
    await cache.put('a', imageOf());
    vi.setSystemTime(new Date('2026-11-21T09:59:59Z'));
    expect(await cache.get('a')).toBeDefined();
    vi.setSystemTime(new Date('2026-11-21T10:00:01Z'));
    expect(await cache.get('a')).toBeUndefined();
    expect(await (await cacheIn({ folder, ttlMs: 24 * hourMs })).cache.get('a')).toBeUndefined();
  });

  test('is young again after it was kept anew', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { cache } = await cacheIn({ ttlMs: hourMs });
    const image = imageOf();
    await cache.put('a', image);
    vi.setSystemTime(Date.now() + 2 * hourMs);
    await cache.put('a', image);
    expect(await cache.get('a')).toEqual(image);
  });
});

describe('half an entry is none', () => {
  test.each<[string, (folder: string) => Promise<void>]>([
    ['no metadata: the process died between the two files', (folder) => rm(join(folder, 'a.json'))],
    ['no image', (folder) => rm(join(folder, 'a.jpg'))],
    ['an image that is cut off', (folder) => writeFile(join(folder, 'a.jpg'), randomBytes(10))],
    ['an image of the same length with other bytes', (folder) => writeFile(join(folder, 'a.jpg'), randomBytes(1_000))],
    ['metadata that are cut off', (folder) => writeFile(join(folder, 'a.json'), '{"sha256": "ab')],
    ['metadata without bytes', (folder) => writeFile(join(folder, 'a.json'), '')],
    ['metadata of another shape', (folder) => writeFile(join(folder, 'a.json'), '{"sha256": 7}')],
  ])('%s', async (_, spoil) => {
    const { folder, cache } = await cacheIn();
    const image = imageOf();
    await cache.put('a', image);
    await spoil(folder);
    expect(await cache.get('a')).toBeUndefined();
    // and it can be kept again
    await cache.put('a', image);
    expect(await cache.get('a')).toEqual(image);
  });

  test('is never seen while others write', async () => {
    const { cache } = await cacheIn({ maxBytes: 100_000_000 });
    const images = Array.from({ length: 8 }, () => imageOf(randomBytes(20_000)));
    const hashes = new Set(images.map(({ sha256 }) => sha256));
    const state = { isWriting: true };
    const writing = Promise.all(images.map((image) => cache.put('a', image))).finally(() => (state.isWriting = false));
    while (state.isWriting) {
      const seen = await cache.get('a');
      if (seen) expect(hashes.has(hashOf(seen.bytes)) && seen.sha256 === hashOf(seen.bytes)).toBe(true);
    }
    await writing;
  });
});

describe('the bound in bytes', () => {
  /** Entries of 10,000 bytes, the first one the oldest. */
  async function filled(count: number, maxBytes: number) {
    const parts = await cacheIn({ maxBytes });
    for (let index = 0; index < count; index += 1) {
      await parts.cache.put(`k${index}`, imageOf(randomBytes(10_000)));
      const at = Date.now() / 1000 - 1_000 + index;
      await utimes(join(parts.folder, `k${index}.jpg`), at, at).catch(() => undefined);
    }
    const found: string[] = [];
    for (let index = 0; index < count; index += 1) if (await parts.cache.get(`k${index}`)) found.push(`k${index}`);
    return { ...parts, found };
  }

  test('is reached without any loss', async () => {
    expect((await filled(5, 52_000)).found).toEqual(['k0', 'k1', 'k2', 'k3', 'k4']);
  });

  test('lets the oldest go first, with a little room to spare', async () => {
    const { found, folder } = await filled(6, 50_000);
    expect(found).toEqual(['k2', 'k3', 'k4', 'k5']);
    expect((await readdir(folder)).sort()).toEqual(
      ['tmp', ...found.flatMap((key) => [`${key}.jpg`, `${key}.json`])].sort(),
    );
  });

  test('holds also for an image that is larger than all of it', async () => {
    const { cache, folder, recording } = await cacheIn({ maxBytes: 500 });
    await cache.put('a', imageOf());
    expect(await readdir(folder)).toEqual(['tmp']);
    expect(recording.lines()).toEqual([]);
  });
});

describe('the files of a cache', () => {
  test('leave nothing behind in its folder for unfinished ones', async () => {
    const { folder, cache } = await cacheIn();
    await Promise.all(['a', 'b', 'a'].map((key) => cache.put(key, imageOf())));
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('for a download under way are all different', async () => {
    const { folder, temporaryFile } = await cacheIn();
    const files = await Promise.all(Array.from({ length: 20 }, temporaryFile));
    expect(new Set(files).size).toBe(20);
    for (const file of files) expect(file.startsWith(join(folder, 'tmp'))).toBe(true);
  });

  test('of dead downloads are removed at start, those of others that may live are not', async () => {
    const { folder, temporaryFile } = await cacheIn();
    const [dead, alive] = [await temporaryFile(), await temporaryFile()];
    await Promise.all([writeFile(dead, 'x'), writeFile(alive, 'x')]);
    const longAgo = (Date.now() - 2 * hourMs) / 1000;
    await utimes(dead, longAgo, longAgo);
    await cacheIn({ folder });
    await expect(stat(dead)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(alive, 'utf8')).toBe('x');
  });

  test('that cannot be written are said once, and work goes on without them', async () => {
    const { folder, cache, recording } = await cacheIn();
    await rm(join(folder, 'tmp'), { recursive: true });
    await writeFile(join(folder, 'tmp'), 'in the way');
    await cache.put('a', imageOf());
    expect(await cache.get('a')).toBeUndefined();
    expect(recording.lines()).toMatchObject([
      { level: 'warn', msg: 'the image cache cannot be written: working without it' },
    ]);
  });
});
