import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sha256 } from '../../../activities/shared/digest.ts';
import { cacheIn, hourMs, imageOf } from './caches.ts';

afterEach(() => vi.useRealTimers());

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
      if (seen) expect(hashes.has(sha256(seen.bytes)) && seen.sha256 === sha256(seen.bytes)).toBe(true);
    }
    await writing;
  });
});

test('looks are counted by how they end', async () => {
  const { cache, folder, metrics } = await cacheIn();
  await cache.put('a', imageOf());
  await cache.get('a');
  await cache.get('b');
  await writeFile(join(folder, 'a.jpg'), 'other bytes');
  await cache.get('a');
  const text = await metrics.registry.metrics();
  for (const outcome of ['hit', 'miss', 'damaged'])
    expect(text).toContain(`gf25_image_cache_total{outcome="${outcome}"} 1`);
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
