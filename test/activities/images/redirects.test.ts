import { describe, expect, test } from 'vitest';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer, rawServer } from '../../support/raw-server.ts';
import { downloader, type DownloaderOptions } from './downloads.ts';

/** A host that redirects `/1` to `/2` and so on, and has the image at `/<length>`. */
const chainOf = (length: number, status = 302) =>
  rawServer((socket, head) => {
    const place = Number(/^GET \/(\d+)/.exec(head)?.[1]);
    socket.write(
      place < length ? httpAnswer(status, 'this way', { location: `/${place + 1}` }) : httpAnswer(200, 'image'),
    );
  });

/** How a download fails that is redirected there. */
async function redirectedTo(location: string, options: DownloaderOptions = {}) {
  const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(302, '', { location })));
  const failure = await failureOf((await downloader(options)).fetch(`${url}/a.jpg`));
  return { failure, requests };
}

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with %i is followed', async (status) => {
    const { url, requests } = await chainOf(2, status);
    const { fetch, written } = await downloader();
    await fetch(`${url}/1`);
    expect((await written()).toString()).toBe('image');
    expect(requests).toHaveLength(2);
  });

  test('may lead to another host', async () => {
    const other = await rawServer((socket) => socket.write(httpAnswer(200, 'from there')));
    const { url } = await rawServer((socket) => socket.write(httpAnswer(302, '', { location: `${other.url}/b.jpg` })));
    const { fetch, written } = await downloader();
    await fetch(url);
    expect((await written()).toString()).toBe('from there');
    expect(other.requests[0]).toMatch(/^GET \/b\.jpg /);
  });

  test('may come three times', async () => {
    const { url } = await chainOf(4);
    const { fetch, written } = await downloader();
    await fetch(`${url}/1`);
    expect((await written()).toString()).toBe('image');
  });

  test('does not come a fourth time', async () => {
    const { url, requests } = await chainOf(5);
    const failure = await failureOf((await downloader()).fetch(`${url}/1`));
    expect(failure).toMatchObject({ code: 'ImageMissing', message: 'more than 3 redirects' });
    expect(requests).toHaveLength(4);
  });

  test('does not begin the whole time anew', async () => {
    const { url } = await rawServer((socket, head) => {
      const place = Number(/^GET \/(\d+)/.exec(head)?.[1]);
      setTimeout(() => socket.write(httpAnswer(302, '', { location: `/${place + 1}` })), 200);
    });
    const failure = await failureOf((await downloader({ totalTimeoutMs: 500 })).fetch(`${url}/1`));
    expect(failure).toMatchObject({ code: 'ImageUnreachable' });
    expect(failure.message).toMatch(/^no whole answer after \d{1,3} ms$/);
  });

  test('without a place to go to is an answer without an image', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(302)));
    const failure = await failureOf((await downloader()).fetch(url));
    expect(failure).toMatchObject({ code: 'ImageMissing', message: 'the image host answered 302' });
  });

  test('keeps no connection busy with a body that nobody reads', async () => {
    const { url } = await rawServer((socket, head) =>
      socket.write(
        head.startsWith('GET /1 ')
          ? httpAnswer(302, 'x'.repeat(500_000), { location: '/2' })
          : httpAnswer(200, 'image'),
      ),
    );
    const { fetch, written } = await downloader({ connections: 1, totalTimeoutMs: 5_000 });
    await fetch(`${url}/1`);
    expect((await written()).toString()).toBe('image');
  });
});

describe('a redirect is refused', () => {
  test.each([
    ['to a private address', 'http://10.0.0.1/a.jpg', 'is not public'],
    ['to the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/', 'is not public'],
    ['to a file', 'file:///etc/passwd', 'only https is allowed'],
    ['to an address with a password', 'http://u:p@127.0.0.1/', 'user names and passwords'],
    ['to something that is no address', 'http://[::1', 'not a valid address'],
  ])('%s', async (_, location, words) => {
    const { failure } = await redirectedTo(location);
    expect(failure).toMatchObject({ code: 'ImageAddressRefused' });
    expect(failure.message).toContain(words);
  });

  test('to a host that is not in the list', async () => {
    const options = { allowedHosts: ['127.0.0.1'] };
    const { failure, requests } = await redirectedTo('http://localhost/a.jpg', options);
    expect(failure).toMatchObject({ code: 'ImageAddressRefused' });
    expect(failure.message).toContain('localhost is not in images.allowedHosts');
    expect(requests).toHaveLength(1);
  });
});

describe('a name that leads to a private address', () => {
  test('is refused when the connection is made, in words of the guard', async () => {
    const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(200, 'secret')));
    const local = url.replace('http://127.0.0.1', 'localhost');
    const { fetch } = await downloader({ isDevelopment: false, allowedHosts: [local] });
    const failure = await failureOf(fetch(`https://${local}/a.jpg`));
    expect(failure).toMatchObject({
      name: 'Failure',
      code: 'ImageAddressRefused',
      message: expect.stringMatching(
        /refused: localhost does not lead to a public address: .*127\.0\.0\.1 \(loopback\)/,
      ) as string,
    });
    expect(requests).toHaveLength(0);
  });
});
