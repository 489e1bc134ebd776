import { describe, expect, test } from 'vitest';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer, rawServer } from '../../support/raw-server.ts';
import { downloader } from './downloads.ts';

describe('the encoding', () => {
  test.each(['gzip', 'br', 'GZIP, identity'])('%s that nobody asked for is refused, not unpacked', async (encoding) => {
    const bomb = httpAnswer(200, 'packed', { 'content-encoding': encoding });
    const { url } = await rawServer((socket) => socket.write(bomb));
    const failure = await failureOf((await downloader()).fetch(url));
    expect(failure).toMatchObject({
      code: 'ImageInvalid',
      message: `the file came compressed (${encoding}) though identity was asked`,
    });
  });

  test('identity is none', async () => {
    const { url } = await rawServer((socket) =>
      socket.write(httpAnswer(200, 'as it is', { 'content-encoding': 'identity' })),
    );
    const { fetch, written } = await downloader();
    await fetch(url);
    expect((await written()).toString()).toBe('as it is');
  });
});
