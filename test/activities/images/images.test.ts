import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImageCache } from '../../../activities/images/cache.ts';
import { sha256 } from '../../../activities/shared/digest.ts';
import { urlOf } from '../../../activities/images/images.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer } from '../../support/raw-server.ts';
import { sleep, until } from '../../support/wait.ts';
import { never } from './downloads.ts';
import { both, colour, grey, imagesFrom, media, send } from './image-hosts.ts';

describe('an image', () => {
  test('comes from its host once, and from the cache after that', async () => {
    const { images, paths } = await imagesFrom(both);
    const first = await images.prepare(media, 'optimised', never);
    expect(first).toMatchObject({ variant: 'optimised', mime: 'image/jpeg', width: 1036, height: 784 });
    expect(first).toMatchObject({ originalWidth: 640, originalHeight: 480, sha256: sha256(first.bytes) });
    const { bytes, ...rest } = first;
    const again = await images.prepare(media, 'optimised', never);
    expect(again).toMatchObject(rest);
    expect(again.bytes.equals(bytes)).toBe(true);
    expect(paths()).toEqual(['/base/optimised/a.jpg']);
  });

  test('is fetched once for all who ask at the same time', async () => {
    const { images, paths } = await imagesFrom(both);
    const all = await Promise.all(Array.from({ length: 12 }, () => images.prepare(media, 'optimised', never)));
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(paths()).toHaveLength(1);
  });

  test('is fetched once also for one whose look into the cache takes long', async () => {
    let looks = 0;
    const late = (real: ImageCache): ImageCache => ({
      ...real,
      async get(key) {
        const [found, look] = [await real.get(key), (looks += 1)];
        if (look === 2) await sleep(400);
        return found;
      },
    });
    const { images, paths } = await imagesFrom(both, { cache: late });
    await Promise.all([images.prepare(media, 'optimised', never), images.prepare(media, 'optimised', never)]);
    expect(paths()).toHaveLength(1);
  });

  test('is fetched again after a failure', async () => {
    let calls = 0;
    const { images } = await imagesFrom((socket) => {
      calls += 1;
      if (calls === 1) socket.write(httpAnswer(503));
      else send(socket, colour);
    });
    expect(await failureOf(images.prepare(media, 'optimised', never))).toMatchObject({ code: 'ImageUnreachable' });
    expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'optimised' });
  });

  test.each([
    ['usable', both, 'ok'],
    ['missing', (socket: Socket) => void socket.write(httpAnswer(404)), 'ImageMissing'],
    ['no image', (socket: Socket) => void socket.write(httpAnswer(200, '<html>')), 'ok'],
  ])('leaves no unfinished file behind and is counted, when it is %s', async (_, answer, outcome) => {
    const { images, folder, metrics } = await imagesFrom(answer);
    await images.prepare(media, 'optimised', never).catch(() => undefined);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect(await metrics.registry.metrics()).toMatch(
      new RegExp(`gf25_image_download_seconds_count{outcome="${outcome}"} [12]`),
    );
  });
});

describe('the other variant', () => {
  const spoilt: readonly [string, (socket: Socket) => void][] = [
    ['missing', (socket) => socket.write(httpAnswer(404))],
    ['a web page', (socket) => socket.write(httpAnswer(200, '<!doctype html><title>Log in</title>'))],
    ['cut off at its source', (socket) => send(socket, colour.subarray(0, colour.length / 2))],
  ];

  test.each(spoilt)('is taken when the preferred one is %s', async (_, answer) => {
    const { images, paths } = await imagesFrom((socket, path) =>
      path.includes('optimised') ? answer(socket) : send(socket, grey),
    );
    expect(await images.prepare(media, 'optimised', never)).toMatchObject({ variant: 'greyscale' });
    expect(paths()).toEqual(['/base/optimised/a.jpg', '/base/greyscale/a.jpg']);
  });

  test('is the colour one when grey is preferred', async () => {
    const { images, paths } = await imagesFrom((socket, path) =>
      path.includes('greyscale') ? socket.write(httpAnswer(404)) : send(socket, colour),
    );
    expect(await images.prepare(media, 'greyscale', never)).toMatchObject({ variant: 'optimised' });
    expect(paths()).toEqual(['/base/greyscale/a.jpg', '/base/optimised/a.jpg']);
  });

  test('is left alone when the preferred one is good', async () => {
    const { images, paths } = await imagesFrom(both);
    expect(await images.prepare(media, 'greyscale', never)).toMatchObject({ variant: 'greyscale' });
    expect(paths()).toEqual(['/base/greyscale/a.jpg']);
  });

  test('is no help against a host that is down', async () => {
    const { images, paths } = await imagesFrom((socket, path) =>
      path.includes('optimised') ? socket.write(httpAnswer(503)) : send(socket, grey),
    );
    expect(await failureOf(images.prepare(media, 'optimised', never))).toMatchObject({ code: 'ImageUnreachable' });
    expect(paths()).toHaveLength(1);
  });

  test('leaves the word to the preferred one when neither can be used', async () => {
    const { images } = await imagesFrom((socket, path) =>
      path.includes('optimised') ? socket.write(httpAnswer(404)) : socket.write(httpAnswer(200, 'no image')),
    );
    expect(await failureOf(images.prepare(media, 'optimised', never))).toMatchObject({ code: 'ImageMissing' });
  });

  test('may come later when its host does not answer now', async () => {
    const { images } = await imagesFrom((socket, path) =>
      socket.write(httpAnswer(path.includes('optimised') ? 404 : 503)),
    );
    expect(await failureOf(images.prepare(media, 'optimised', never))).toMatchObject({ code: 'ImageUnreachable' });
  });

  test('that is on its way when the work is cancelled says nothing about the image', async () => {
    const { images, requests } = await imagesFrom((socket, path) => {
      if (path.includes('optimised')) socket.write(httpAnswer(404));
    });
    const controller = new AbortController();
    const failure = failureOf(images.prepare(media, 'optimised', controller.signal));
    await until('the second variant is asked for', () => requests.length === 2);
    controller.abort(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
  });
});

describe('whoever leaves', () => {
  test('does not take the image from those who stay', async () => {
    const held: Socket[] = [];
    const { images, paths } = await imagesFrom((socket) => void held.push(socket));
    const leaving = new AbortController();
    const left = failureOf(images.prepare(media, 'optimised', leaving.signal));
    const stays = images.prepare(media, 'optimised', never);
    await until('the image is asked for', () => held.length === 1);
    await sleep(20);
    leaving.abort(new Error('gone'));
    expect(await left).toMatchObject({ message: 'gone' });
    held.forEach((socket) => send(socket, colour));
    expect(await stays).toMatchObject({ variant: 'optimised' });
    expect(paths()).toHaveLength(1);
  });

  test('ends the download, when it is the last one', async () => {
    const { images, requests, sockets, folder } = await imagesFrom(() => undefined);
    const leaving = new AbortController();
    const left = failureOf(images.prepare(media, 'optimised', leaving.signal));
    await until('the image is asked for', () => requests.length === 1);
    leaving.abort(new Error('gone'));
    expect(await left).toMatchObject({ message: 'gone' });
    await until('the connection is closed', () => sockets.size === 0);
    await until('the file is removed', async () => (await readdir(join(folder, 'tmp'))).length === 0);
  });
});

test('no more downloads run at once than a host may have', async () => {
  const held: Socket[] = [];
  let most = 0;
  const { images } = await imagesFrom((socket) => void (most = Math.max(most, held.push(socket))), { maxDownloads: 2 });
  const all = Array.from({ length: 6 }, (_, index) =>
    images.prepare({ ...media, optimised_path: `${index}.jpg` }, 'optimised', never),
  );
  for (let sent = 0; sent < 6; sent += 1) {
    const socket = await until('a download has come', () => held[0]);
    if (sent < 5) await until('the lanes are full', () => held.length === 2);
    held.shift();
    send(socket, colour);
  }
  await Promise.all(all);
  expect(most).toBe(2);
});

describe('an image that was staged before', () => {
  test('is recalled from the cache, without its host', async () => {
    const { images, paths } = await imagesFrom(both);
    const { bytes: _, mime: __, width, height, ...rest } = await images.prepare(media, 'greyscale', never);
    const staged = { ...rest, sentWidth: width, sentHeight: height };
    expect(await images.recall(media, staged)).toMatchObject({ sha256: staged.sha256, variant: 'greyscale', width });
    expect(await images.recall(media, { ...staged, sha256: 'of other bytes' })).toBeUndefined();
    expect(await images.recall(media, { ...staged, variant: 'optimised' })).toBeUndefined();
    expect(await images.recall({ ...media, greyscale_path: 'b.jpg' }, staged)).toBeUndefined();
    expect(paths()).toHaveLength(1);
  });
});

describe('the address of an image', () => {
  test.each([
    ['a/b.jpg', 'https://media.example/base', 'https://media.example/base/a/b.jpg'],
    ['/a/b.jpg', 'https://media.example/base/', 'https://media.example/base/a/b.jpg'],
    ['//evil.example/b.jpg', 'https://media.example', 'https://media.example/evil.example/b.jpg'],
    ['a.jpg?size=1', 'https://media.example//', 'https://media.example/a.jpg?size=1'],
    ['https://cdn.example/b.jpg', 'https://media.example', 'https://cdn.example/b.jpg'],
    ['HTTP://cdn.example/b.jpg', 'https://media.example', 'HTTP://cdn.example/b.jpg'],
    ['s3://bucket/b.jpg', 'https://media.example', 's3://bucket/b.jpg'],
    ['file:/etc/passwd', 'https://media.example', 'file:/etc/passwd'],
    ['', 'https://media.example', 'https://media.example/'],
  ])('%j, with the base %s, is %s', (path, base, url) => {
    expect(urlOf({ ...media, optimised_path: path }, 'optimised', base)).toBe(url);
    expect(urlOf({ ...media, greyscale_path: path }, 'greyscale', base)).toBe(url);
  });
});
