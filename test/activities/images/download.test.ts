import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Failure } from '../../../activities/shared/failure.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/wait.ts';
import { downloader, type DownloaderOptions } from './downloads.ts';

const chunkedHead = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** How the download of one answer fails. */
async function failing(answer: (socket: Socket) => void, options: DownloaderOptions = {}): Promise<Failure> {
  const { url } = await rawServer(answer);
  const { fetch } = await downloader(options);
  return failureOf<Failure>(fetch(`${url}/a.jpg`));
}

describe('a download', () => {
  test('writes every byte of the answer into the file', async () => {
    const body = randomBytes(300_000);
    const { url } = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    const { fetch, written } = await downloader();
    await fetch(`${url}/a.jpg`);
    expect((await written()).equals(body)).toBe(true);
  });

  test('takes an answer that does not say how long it is', async () => {
    const { url } = await rawServer((socket) => socket.write(`${chunkedHead}${chunk('abc')}${chunk('de')}0\r\n\r\n`));
    const { fetch, written } = await downloader();
    await fetch(url);
    expect((await written()).toString()).toBe('abcde');
  });

  test('asks for images, unpacked, and says nothing that others need not know', async () => {
    const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(200, 'x')));
    await (await downloader()).fetch(`${url}/a.jpg?b=c`);
    const [first = ''] = requests;
    expect(first).toMatch(/^GET \/a\.jpg\?b=c HTTP/);
    expect(first).toMatch(/accept: image\/jpeg,image\/png,image\/webp/i);
    expect(first).toMatch(/accept-encoding: identity/i);
    expect(first).not.toMatch(/api-key|authorization|cookie/i);
  });
});

describe('the status', () => {
  test.each([204, 206, 300, 304, 400, 403, 404, 410])('%i says that there is no such image', async (status) => {
    expect(await failing((socket) => socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`))).toMatchObject({
      code: 'ImageMissing',
      message: `the image host answered ${status}`,
    });
  });

  test.each([408, 429, 500, 502, 503])('%i is the state of the image host', async (status) => {
    expect(await failing((socket) => socket.write(httpAnswer(status, 'later')))).toMatchObject({
      code: 'ImageUnreachable',
      message: `the image host answered ${status}`,
    });
  });
});

describe('the size', () => {
  test('may be all that is allowed', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(200, 'x'.repeat(1_000))));
    const { fetch, written } = await downloader({ maxBytes: 1_000 });
    await fetch(url);
    expect(await written()).toHaveLength(1_000);
  });

  test('is refused by what the head promises, before the body comes', async () => {
    const failure = await failing((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n'), {
      maxBytes: 1_000,
    });
    expect(failure).toMatchObject({ code: 'ImageInvalid', message: 'the file is above 1000 bytes' });
  });

  test('is counted on the way when the head promises nothing, and the sender is cut off', async () => {
    const { url, sockets } = await rawServer((socket) => {
      socket.write(chunkedHead);
      const timer = setInterval(() => socket.write(chunk('x'.repeat(10_000))), 1);
      socket.on('close', () => clearInterval(timer));
    });
    const { fetch } = await downloader({ maxBytes: 100_000 });
    expect(await failureOf(fetch(url))).toMatchObject({
      code: 'ImageInvalid',
      message: 'the file is above 100000 bytes',
    });
    await until('the connection is closed', () => sockets.size === 0);
  });
});

describe('the image host', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['closes too early', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')],
    ['closes in the middle of a chunk', (socket) => socket.end(`${chunkedHead}10\r\nhalf`)],
    ['closes without an answer', (socket) => socket.end()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['answers in another language', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ])('that %s is unreachable', async (_, answer) => {
    expect(await failing(answer)).toMatchObject({ code: 'ImageUnreachable' });
  });

  test('that does not listen is unreachable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const failure = await failureOf((await downloader()).fetch(`http://127.0.0.1:${port}/a.jpg`));
    expect(failure).toMatchObject({ code: 'ImageUnreachable', message: 'no connection: ECONNREFUSED' });
  });

  test('that falls silent is given up after the idle time', async () => {
    const failure = await failing((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'), {
      idleTimeoutMs: 100,
    });
    expect(failure).toMatchObject({ code: 'ImageUnreachable' });
    expect(failure.message).toContain('100 ms of silence');
  });

  test('that never falls silent is given up after the whole time', async () => {
    const drip = (socket: Socket) => {
      socket.write(chunkedHead);
      const timer = setInterval(() => socket.write(chunk('x')), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const failure = await failing(drip, { totalTimeoutMs: 300, idleTimeoutMs: 10_000 });
    expect(failure).toMatchObject({ code: 'ImageUnreachable', message: 'no whole answer after 300 ms' });
  });

  test('that does not answer at all is given up after the whole time', async () => {
    const failure = await failing(() => undefined, { totalTimeoutMs: 100 });
    expect(failure).toMatchObject({ code: 'ImageUnreachable', message: 'no whole answer after 100 ms' });
  });

  test('keeps no connection busy with error pages that nobody reads', async () => {
    const page = 'x'.repeat(500_000);
    const { url } = await rawServer((socket, head) =>
      socket.write(head.startsWith('GET /good') ? httpAnswer(200, 'good') : httpAnswer(404, page)),
    );
    const { fetch, written } = await downloader({ connections: 1, totalTimeoutMs: 5_000 });
    for (const name of ['bad-1', 'bad-2'])
      expect(await failureOf(fetch(`${url}/${name}`))).toMatchObject({ code: 'ImageMissing' });
    await fetch(`${url}/good`);
    expect((await written()).toString()).toBe('good');
  });
});

describe('a download that waits for a connection', () => {
  /** The only connection is taken by a call that gets no answer. */
  async function allConnectionsTaken() {
    const { url, requests } = await rawServer(() => undefined);
    const parts = await downloader({ connections: 1 });
    const first = new AbortController();
    const firstEnd = failureOf(parts.fetch(url, first.signal));
    await until('the connection is taken', () => requests.length === 1);
    onTestFinished(async () => {
      first.abort();
      await firstEnd;
    });
    return { ...parts, url, requests };
  }

  test('can be cancelled', async () => {
    const { url, requests, download } = await allConnectionsTaken();
    const controller = new AbortController();
    const second = failureOf(download(url, '/dev/null', controller.signal));
    controller.abort();
    expect(await second).toMatchObject({ kind: 'cancelled' });
    expect(requests).toHaveLength(1);
  });

  test('is given up after its time', async () => {
    const { url, requests, http } = await allConnectionsTaken();
    const second = failureOf(http.send({ method: 'GET', url, totalTimeoutMs: 100 }));
    expect(await second).toMatchObject({ kind: 'timeout' });
    expect(requests).toHaveLength(1);
  });
});

describe('a cancellation', () => {
  test.each([
    ['before the answer', ''],
    ['in the middle of the file', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('%s ends the call down to the socket, and is no fault of the image host', async (_, sent) => {
    const { url, sockets, requests } = await rawServer((socket) => socket.write(sent));
    const controller = new AbortController();
    const { fetch } = await downloader();
    const failure = failureOf(fetch(url, controller.signal));
    await until('the call has come', () => requests.length === 1);
    controller.abort();
    expect(await failure).toMatchObject({ name: 'HttpFailure', kind: 'cancelled' });
    await until('the connection is closed', () => sockets.size === 0);
  });

  test('that came first keeps the call from being made', async () => {
    const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(200, 'x')));
    const failure = await failureOf((await downloader()).fetch(url, AbortSignal.abort()));
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(requests).toHaveLength(0);
  });
});
