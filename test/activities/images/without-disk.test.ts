import { existsSync } from 'node:fs';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImageCache } from '../../../activities/images/cache.ts';
import { sha256 } from '../../../activities/shared/digest.ts';
import { DiskFault, withFile } from '../../../activities/images/sink.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer } from '../../support/raw-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { never } from './downloads.ts';
import { both, grey, imagesFrom, media, send } from './image-hosts.ts';

/** The kernel's own full disk: it opens, and takes nothing. */
const fullDisk = '/dev/full';

/** A cache whose downloads go onto a disk without room. */
const full = (real: ImageCache): ImageCache => ({
  ...real,
  async temporaryFile() {
    const file = await real.temporaryFile();
    if (file !== undefined) await symlink(fullDisk, file);
    return file;
  },
});

describe.skipIf(!existsSync(fullDisk))('a full disk', () => {
  test('fails no image: it comes through memory, and is the same', async () => {
    const { images, folder, recording, paths } = await imagesFrom(both, { cache: full });
    const first = await images.prepare(media, 'optimised', never);
    expect(first).toMatchObject({ variant: 'optimised', sha256: sha256(first.bytes) });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect(recording.lines()).toMatchObject([
      { level: 'warn', msg: 'the image cache cannot be written: working without it', err: { type: 'DiskFault' } },
    ]);
    const onDisk = await imagesFrom(both);
    expect((await onDisk.images.prepare(media, 'optimised', never)).sha256).toBe(first.sha256);
    // the first one began on the disk; those after it do not
    expect(paths()).toHaveLength(2);
    await images.prepare({ ...media, optimised_path: 'b.jpg' }, 'optimised', never);
    expect(paths()).toHaveLength(3);
    expect(recording.lines()).toHaveLength(1);
  });

  test('takes a download after all, when older images have left for it', async () => {
    let isFull = true;
    const { images, recording, paths, metrics } = await imagesFrom(both, {
      cache: (real) => {
        const cache = full(real);
        return {
          ...real,
          temporaryFile: () => (isFull ? cache.temporaryFile() : real.temporaryFile()),
          async makeRoom(error) {
            expect(error).toMatchObject({ cause: { code: 'ENOSPC' } });
            isFull = false;
            return true;
          },
        };
      },
    });
    await images.prepare(media, 'optimised', never);
    expect(paths()).toHaveLength(2);
    expect(recording.lines()).toEqual([]);
    expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 1');
  });

  test('is told from a fault of the image host', async () => {
    const failure = await failureOf(withFile(fullDisk, (sink) => sink.write(Buffer.from('x'))));
    expect(failure).toBeInstanceOf(DiskFault);
    expect(failure.cause).toMatchObject({ code: 'ENOSPC' });
  });

  test('hides no fault of the image', async () => {
    const { images } = await imagesFrom(
      (socket, path) => (path.includes('greyscale') ? send(socket, grey) : socket.write(httpAnswer(404))),
      { cache: full },
    );
    expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'greyscale' });
  });
});

test('a folder that went away fails no image', async () => {
  const { images, folder, metrics } = await imagesFrom(both);
  await rm(folder, { recursive: true });
  await writeFile(folder, 'in the way');
  expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'optimised' });
  expect(await metrics.registry.metrics()).toContain('gf25_image_cache_usable 0');
});

test('pieces are written one behind the other, in their order', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'file');
  await withFile(file, async (sink) => {
    for (const piece of ['one ', 'two ', 'three']) await sink.write(Buffer.from(piece));
  });
  expect(await readFile(file, 'utf8')).toBe('one two three');
});
