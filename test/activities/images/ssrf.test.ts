import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuard, type Resolve } from '../../../activities/images/guard.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer, rawServer } from '../../support/raw-server.ts';
import { downloader } from './downloads.ts';
import { publicAddresses, refusedAddresses, resolve } from './ssrf-table.ts';

/** Everything that could be reached by a mistake listens here; nothing may come. */
let arrived = 0;
const target = createServer((socket) => {
  arrived += 1;
  socket.destroy();
});
beforeAll(async () => {
  // the port of https, so that no address is spared by its port; another one where that is taken or not allowed
  const isListening = await once(target.listen(443), 'listening').then(
    () => true,
    () => false,
  );
  if (!isListening) await once(target.listen(0), 'listening');
});
afterAll(() => target.close());

/** How the product's own download, as in production, refuses an address. */
async function refusalOf(url: string): Promise<{ code: string; message: string }> {
  const { fetch } = await downloader({ isDevelopment: false, resolve });
  const failure = await failureOf<Error & { code: string }>(fetch(url));
  expect(failure.name).toBe('Failure');
  return { code: failure.code, message: failure.message };
}

describe('in production', () => {
  test.each(refusedAddresses)('%j is refused: %s', async (url, rule) => {
    const before = arrived;
    const { code, message } = await refusalOf(url);
    expect(code).toBe('ImageAddressRefused');
    expect(message).toContain(rule);
    expect(arrived).toBe(before);
  });

  test('that is a table of some length, every line another one', () => {
    expect(new Set(refusedAddresses.map(([url]) => url)).size).toBe(refusedAddresses.length);
    expect(refusedAddresses.length).toBeGreaterThanOrEqual(60);
  });
});

describe('legitimate addresses pass', () => {
  const publicly: Resolve = (_, __, callback) => callback(null, [{ address: '93.184.216.34', family: 4 }]);
  const guard = createGuard({ isDevelopment: false, allowedHosts: [], resolve: publicly });

  test.each(publicAddresses)('%s', async (url) => {
    const { hostname } = guard.checkUrl(url);
    const address = await new Promise((found, fail) => {
      guard.lookup(hostname, {}, (error, first) => (error ? fail(error) : found(first)));
    });
    expect(address).toBe('93.184.216.34');
  });
});

describe('a name that changes its mind', () => {
  /** A name with another answer each time, and how often it was asked for. */
  function changing(...answers: readonly string[][]) {
    let asked = 0;
    const changes: Resolve = (_, __, callback) => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return { resolve: changes, asked: () => asked };
  }

  /** Development, where this machine stands for a public host: what is private stays refused. */
  const here = async () => {
    const server = await rawServer((socket) => socket.end(httpAnswer(200, 'image', { connection: 'close' })));
    return { ...server, named: server.url.replace('127.0.0.1', 'changing.example') };
  };

  test('is asked once per connection, and what was checked is what is connected to', async () => {
    const { named: url, requests } = await here();
    const name = changing(['127.0.0.1'], ['10.0.0.1']);
    const { fetch, written } = await downloader({ resolve: name.resolve });
    await fetch(`${url}/a.jpg`);
    expect((await written()).toString()).toBe('image');
    expect([name.asked(), requests.length]).toEqual([1, 1]);
  });

  test('is refused as soon as it leads elsewhere', async () => {
    const { named: url, requests, sockets } = await here();
    const name = changing(['127.0.0.1'], ['169.254.169.254'], ['10.0.0.1']);
    const { fetch } = await downloader({ resolve: name.resolve });
    await fetch(`${url}/a.jpg`);
    await expect.poll(() => sockets.size).toBe(0);
    for (const rule of ['cloud metadata', 'private'])
      expect(await failureOf(fetch(`${url}/a.jpg`))).toMatchObject({
        code: 'ImageAddressRefused',
        message: expect.stringContaining(`(${rule})`) as string,
      });
    expect([name.asked(), requests.length]).toEqual([3, 1]);
  });

  test('is refused when it does so behind a redirect to itself', async () => {
    const server = await rawServer((socket) =>
      socket.end(httpAnswer(302, '', { location: '/again', connection: 'close' })),
    );
    const name = changing(['127.0.0.1'], ['10.0.0.1']);
    const { fetch } = await downloader({ resolve: name.resolve });
    const failure = await failureOf(fetch(server.url.replace('127.0.0.1', 'changing.example')));
    expect(failure).toMatchObject({ code: 'ImageAddressRefused' });
    expect(failure.message).toContain('changing.example does not lead to a public address: 10.0.0.1 (private)');
    expect(server.requests).toHaveLength(1);
  });

  test('is connected to by its public addresses only, when it has others beside them', async () => {
    const { named: url, requests } = await here();
    const name = changing(['10.0.0.1', '169.254.169.254', '127.0.0.1', 'fd00::1']);
    await (await downloader({ resolve: name.resolve })).fetch(url);
    expect(requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  test.each([
    ['http://10.0.0.1/', 'the private address 10.0.0.1'],
    ['//169.254.169.254/latest/', 'the cloud metadata address'],
    ['http://2852039166/', 'the cloud metadata address'],
    ['http://[::ffff:10.0.0.1]/', 'the private address'],
    ['http://private.example/', 'private.example does not lead to a public address: 10.1.2.3 (private)'],
    ['https://user:word@127.0.0.1/', 'user names and passwords'],
    ['file:///etc/passwd', 'only https is allowed, not "file"'],
    ['gopher://127.0.0.1/', 'only https is allowed, not "gopher"'],
  ])('to %s is refused', async (location, words) => {
    const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(302, '', { location })));
    const failure = await failureOf((await downloader({ resolve })).fetch(`${url}/a.jpg`));
    expect(failure).toMatchObject({ code: 'ImageAddressRefused' });
    expect(failure.message).toContain(words);
    expect(requests).toHaveLength(1);
  });

  test('from https to http is refused in production', () => {
    const guard = createGuard({ isDevelopment: false, allowedHosts: [] });
    const base = guard.checkUrl('https://images.example/a.jpg');
    expect(() => guard.checkUrl('http://images.example/a.jpg', base)).toThrow('only https is allowed, not "http"');
    expect(guard.checkUrl('//other.example/a.jpg', base).href).toBe('https://other.example/a.jpg');
  });
});
