import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CacheOptions } from '../../../activities/images/cache.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { cacheIn, diskOf, hourMs, imageOf } from './caches.ts';

afterEach(() => vi.useRealTimers());

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

describe('what leaves first', () => {
  /** Three entries of 10,000 bytes, used in this order, in a cache that has room for three. */
  async function three(given: Partial<CacheOptions> = {}) {
    const parts = await cacheIn({ maxBytes: 35_000, ...given });
    const images = ['a', 'b', 'c'].map((key) => ({ key, image: imageOf(randomBytes(10_000)) }));
    for (const [index, { key, image }] of images.entries()) {
      await parts.cache.put(key, image);
      const at = Date.now() / 1000 - 1_000 + index;
      await utimes(join(parts.folder, `${key}.jpg`), at, at);
    }
    const keys = async () =>
      (await readdir(parts.folder)).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []).sort();
    return { ...parts, hashes: images.map(({ image }) => image.sha256), keys };
  }

  test('is what was used longest ago, not what came first', async () => {
    const { cache, keys, metrics } = await three();
    await cache.get('a');
    await cache.put('d', imageOf(randomBytes(10_000)));
    expect(await keys()).toEqual(['a', 'c', 'd']);
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_total{outcome="evicted"} 1');
  });

  test('knows of uses by another process', async () => {
    const { folder, cache, keys } = await three();
    await (await cacheIn({ folder })).cache.get('a');
    await cache.put('d', imageOf(randomBytes(10_000)));
    expect(await keys()).toEqual(['a', 'c', 'd']);
  });

  test('is never an image that is staged', async () => {
    const pinned = new Set<string>();
    const { cache, keys, hashes } = await three({ pinned: () => pinned });
    hashes.slice(0, 2).forEach((hash) => pinned.add(hash));
    await cache.put('d', imageOf(randomBytes(10_000)));
    expect(await keys()).toEqual(['a', 'b', 'd']);
    pinned.clear();
    await cache.put('e', imageOf(randomBytes(10_000)));
    expect(await keys()).toEqual(['b', 'd', 'e']);
  });

  test('counts what was there at the start', async () => {
    const { folder, keys } = await three();
    await (await cacheIn({ folder, maxBytes: 35_000 })).cache.put('d', imageOf(randomBytes(10_000)));
    expect(await keys()).toEqual(['b', 'c', 'd']);
  });
});

describe('a disk that the cache itself has filled', () => {
  /** Three entries of 10,000 bytes, used in this order, on a disk that has room for three. */
  async function filledDisk(given: Partial<CacheOptions> = {}) {
    const folder = await temporaryFolder();
    const parts = await cacheIn({ folder, write: diskOf(folder, 35_000), ...given });
    const images = ['a', 'b', 'c'].map((key) => ({ key, image: imageOf(randomBytes(10_000)) }));
    for (const [index, { key, image }] of images.entries()) {
      await parts.cache.put(key, image);
      const at = Date.now() / 1000 - 1_000 + index;
      await utimes(join(folder, `${key}.jpg`), at, at);
    }
    return { ...parts, images };
  }

  test('takes the next entry, for which older ones leave', async () => {
    const { cache, recording, metrics } = await filledDisk();
    await cache.put('d', imageOf(randomBytes(10_000)));
    expect(await cache.get('d')).toBeDefined();
    expect(await cache.get('a')).toBeUndefined();
    expect(recording.lines().map(({ msg }) => msg)).toEqual(['the disk is full: the image cache makes room']);
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 1');
    expect(await cache.temporaryFile()).toBeDefined();
  });

  test('keeps what is staged, and does without the cache where that is all', async () => {
    const pinned = new Set<string>();
    const { cache, images, recording } = await filledDisk({ pinned: () => pinned });
    for (const { image } of images.slice(0, 2)) pinned.add(image.sha256);
    await cache.put('d', imageOf(randomBytes(10_000)));
    const kept = async (...keys: string[]) =>
      Promise.all(keys.map(async (key) => (await cache.get(key)) !== undefined));
    expect(await kept('a', 'b', 'c', 'd')).toEqual([true, true, false, true]);
    pinned.add((await cache.get('d'))?.sha256 ?? '');
    await cache.put('e', imageOf(randomBytes(10_000)));
    expect(await kept('a', 'b', 'd', 'e')).toEqual([true, true, true, false]);
    expect(recording.lines().at(-1)).toMatchObject({ msg: 'the image cache cannot be written: working without it' });
  });

  test('is told from one that has another fault: nothing leaves for it', async () => {
    const { cache, folder } = await cacheIn();
    await cache.put('a', imageOf());
    expect(await cache.makeRoom(Object.assign(new Error('read-only'), { code: 'EROFS' }))).toBe(false);
    expect(await readdir(folder)).toContain('a.jpg');
    expect(await cache.makeRoom(new Error('x', { cause: Object.assign(new Error('full'), { code: 'EDQUOT' }) }))).toBe(
      true,
    );
    expect(await readdir(folder)).not.toContain('a.jpg');
  });
});

describe('the start', () => {
  const ageBy = async (file: string, ageMs: number) => {
    const at = (Date.now() - ageMs) / 1000;
    await utimes(file, at, at);
  };

  test('removes halves of entries that a dead process left, and none that may still become whole', async () => {
    const { folder, cache } = await cacheIn();
    for (const key of ['whole', 'no-meta', 'no-image', 'young']) await cache.put(key, imageOf());
    await Promise.all(['no-meta.json', 'no-image.jpg', 'young.json'].map((name) => rm(join(folder, name))));
    for (const name of ['no-meta.jpg', 'no-image.json', 'whole.jpg']) await ageBy(join(folder, name), 2 * hourMs);
    await writeFile(join(folder, 'README'), 'of somebody else');
    await cacheIn({ folder });
    expect((await readdir(folder)).sort()).toEqual(['README', 'tmp', 'whole.jpg', 'whole.json', 'young.jpg']);
  });

  test('removes what is too old to be used', async () => {
    const { folder, cache } = await cacheIn({ ttlMs: 24 * hourMs });
    for (const key of ['old', 'fresh']) await cache.put(key, imageOf());
    for (const name of ['old.jpg', 'old.json']) await ageBy(join(folder, name), 26 * hourMs);
    await cacheIn({ folder, ttlMs: 24 * hourMs });
    expect((await readdir(folder)).sort()).toEqual(['fresh.jpg', 'fresh.json', 'tmp']);
  });

  test('goes on without the cache where its folder cannot be', async () => {
    const folder = join(await temporaryFolder(), 'a-file');
    await writeFile(folder, 'in the way');
    const { cache, recording, metrics } = await cacheIn({ folder: join(folder, 'images') });
    expect(await cache.temporaryFile()).toBeUndefined();
    expect(await cache.get('a')).toBeUndefined();
    await cache.put('a', imageOf());
    expect(recording.lines().map(({ msg }) => msg)).toEqual(['the image cache cannot be written: working without it']);
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 0');
  });
});

describe('a disk that takes nothing', () => {
  const noSpace = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  test('is left alone for a minute, said once, and used again when it works', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { cache, recording, metrics, folder } = await cacheIn();
    await cache.put('before', imageOf());
    cache.suspend(noSpace);
    cache.suspend(noSpace);
    await cache.put('a', imageOf());
    expect(await cache.temporaryFile()).toBeUndefined();
    expect(await readdir(folder)).not.toContain('a.jpg');
    // what lies there can still be read
    expect(await cache.get('before')).toBeDefined();
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 0');
    vi.setSystemTime(Date.now() + 61_000);
    await cache.put('b', imageOf());
    expect(await cache.get('b')).toBeDefined();
    expect(await cache.temporaryFile()).toBeDefined();
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 1');
    expect(recording.lines()).toMatchObject([
      { level: 'warn', msg: 'the image cache cannot be written: working without it', err: { code: 'ENOSPC' } },
      { level: 'info', msg: 'the image cache can be written again' },
    ]);
  });

  test('keeps no half of an entry', async () => {
    const { cache, folder } = await cacheIn();
    await mkdir(join(folder, 'a.json'));
    await writeFile(join(folder, 'a.json', 'x'), 'in the way of the metadata');
    await cache.put('a', imageOf());
    expect(await readdir(folder)).not.toContain('a.jpg');
  });
});
