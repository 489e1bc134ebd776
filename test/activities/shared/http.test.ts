import { getEventListeners, once, setMaxListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createHttp,
  type Http,
  type HttpFailure,
  type HttpOptions,
  type HttpRequest,
} from '../../../activities/shared/http.ts';
import { failureOf } from '../../support/activity.ts';
import { httpAnswer, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/wait.ts';

function httpOf(options: Partial<HttpOptions> = {}): Http {
  const http = createHttp({ connectTimeoutMs: 1_000, connections: 4, ...options });
  onTestFinished(() => http.close());
  return http;
}

const get = (url: string, overrides: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  totalTimeoutMs: 5_000,
  ...overrides,
});

const failing = (http: Http, call: HttpRequest, maxBytes?: number) => failureOf<HttpFailure>(http.send(call, maxBytes));

/** An address where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

describe('an answer', () => {
  test('comes with status, headers and the whole body', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(201, 'hello', { 'x-test': 'yes' })));
    const answer = await httpOf().send(get(url));
    expect(answer).toMatchObject({ status: 201, headers: { 'x-test': 'yes' } });
    expect(answer.body.toString()).toBe('hello');
  });

  test('may have no body', async () => {
    const { url } = await rawServer((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(await httpOf().send(get(url))).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  test.each([300, 301, 302, 400, 401, 404, 429, 500, 503])('%i is an answer like any other', async (status) => {
    const { url, requests } = await rawServer((socket) =>
      socket.write(httpAnswer(status, 'text', { location: 'http://elsewhere/' })),
    );
    expect(await httpOf().send(get(url))).toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  test('may come in pieces', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (const piece of ['3\r\nabc\r\n', '2\r\nde\r\n', '0\r\n\r\n']) socket.write(piece);
    });
    expect((await httpOf().send(get(url))).body.toString()).toBe('abcde');
  });

  test('carries method, headers and body of the call', async () => {
    const { url, requests } = await rawServer((socket) => socket.write(httpAnswer(200)));
    await httpOf().send(get(`${url}/a?b=c`, { method: 'PUT', headers: { 'x-a': '1' }, body: '{"ü":1}' }));
    expect(requests[0]).toMatch(/^PUT \/a\?b=c HTTP\/1\.1\r\n/);
    expect(requests[0]).toMatch(/\r\nx-a: 1\r\n/i);
    expect(requests[0]).toMatch(/\r\ncontent-length: 8(\r\n|$)/i);
  });
});

describe('a call that surely never left', () => {
  test('was refused at connect', async () => {
    const failure = await failing(httpOf(), get(await deadUrl()));
    expect(failure).toMatchObject({ name: 'HttpFailure', kind: 'connect', mayHaveArrived: false });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('went to a name that nobody knows', async () => {
    expect(await failing(httpOf(), get('http://nobody.invalid'))).toMatchObject({
      kind: 'connect',
      mayHaveArrived: false,
    });
  });

  test('waited for a connection in vain', async () => {
    const http = httpOf({ connectTimeoutMs: 50, lookup: () => undefined });
    const failure = await failing(http, get('http://slow-name.test'));
    expect(failure).toMatchObject({ kind: 'connect', mayHaveArrived: false });
    expect(failure.message).toContain('UND_ERR_CONNECT_TIMEOUT');
  });
});

describe('a call that may have arrived', () => {
  test.each<[string, (write: (text: string) => void, reset: () => void, end: () => void) => void]>([
    ['is reset before the answer', (_, reset) => reset()],
    ['is closed before the answer', (_, __, end) => end()],
    [
      'is reset in the head',
      (write, reset) => {
        write('HTTP/1.1 200');
        reset();
      },
    ],
    [
      'is closed in the body',
      (write, _, end) => {
        write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
        end();
      },
    ],
    [
      'is reset in the body',
      (write, reset) => {
        write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
        setImmediate(reset);
      },
    ],
    [
      'is closed in a chunk',
      (write, _, end) => {
        write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf');
        end();
      },
    ],
  ])('%s', async (_, act) => {
    const { url } = await rawServer((socket) =>
      act(
        (text) => socket.write(text),
        () => socket.resetAndDestroy(),
        () => socket.end(),
      ),
    );
    const failure = await failing(httpOf(), get(url));
    expect(failure).toMatchObject({ name: 'HttpFailure', kind: 'broken', mayHaveArrived: true });
    expect(failure.message).toMatch(/^the connection broke: /);
  });
});

describe('time', () => {
  test('runs out before the answer', async () => {
    const { url } = await rawServer(() => undefined);
    expect(await failing(httpOf(), get(url, { totalTimeoutMs: 50 }))).toMatchObject({
      kind: 'timeout',
      message: 'no whole answer after 50 ms',
      mayHaveArrived: true,
    });
  });

  test('runs out in the body, however lively it is', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await failing(httpOf(), get(url, { totalTimeoutMs: 120 }))).toMatchObject({
      kind: 'timeout',
      message: 'no whole answer after 120 ms',
    });
  });

  test('runs out in silence between two pieces of the body', async () => {
    const { url } = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
    expect(await failing(httpOf(), get(url, { idleTimeoutMs: 50 }))).toMatchObject({
      kind: 'timeout',
      message: 'no whole answer after 50 ms of silence',
    });
  });

  test('does not run out while pieces keep coming', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n');
      let left = 8;
      const timer = setInterval(() => {
        socket.write('x');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 200);
    });
    const answer = await httpOf().send(get(url, { idleTimeoutMs: 1_200 }));
    expect(answer.body.toString()).toBe('xxxxxxxx');
  });

  test('that ran out closes the connection', async () => {
    const server = await rawServer(() => undefined);
    await failing(httpOf(), get(server.url, { totalTimeoutMs: 30 }));
    await until('the connection is closed', () => server.sockets.size === 0);
    expect(server.requests).toHaveLength(1);
  });

  test('that ran out once does not shorten the next call', async () => {
    const { url } = await rawServer((socket, _, index) => {
      if (index > 0) socket.write(httpAnswer(200, 'late'));
    });
    const http = httpOf();
    await failing(http, get(url, { totalTimeoutMs: 30 }));
    expect((await http.send(get(url))).body.toString()).toBe('late');
  });
});

describe('a cancellation', () => {
  test('before the call keeps it from being sent', async () => {
    const server = await rawServer((socket) => socket.write(httpAnswer(200)));
    const failure = await failing(httpOf(), get(server.url, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['before the answer', ''],
    ['in the head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('%s ends the call and its connection', async (_, begin) => {
    const server = await rawServer((socket) => socket.write(begin));
    const cancel = new AbortController();
    const failure = failing(httpOf(), get(server.url, { signal: cancel.signal }));
    await until('the call has arrived', () => server.requests.length === 1);
    cancel.abort(new Error('the reason of the caller'));
    expect(await failure).toMatchObject({ kind: 'cancelled', message: 'the call was cancelled', mayHaveArrived: true });
    await until('the connection is closed', () => server.sockets.size === 0);
  });

  test('after the answer changes nothing', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(200, 'done')));
    const cancel = new AbortController();
    const answer = await httpOf().send(get(url, { signal: cancel.signal }));
    cancel.abort();
    expect(answer.body.toString()).toBe('done');
  });

  test('of one call leaves the others alone', async () => {
    const server = await rawServer((socket, _, index) => {
      if (index > 0) socket.write(httpAnswer(200, 'fine'));
    });
    const http = httpOf();
    const cancel = new AbortController();
    const cancelled = failing(http, get(server.url, { signal: cancel.signal }));
    await until('the call has arrived', () => server.requests.length === 1);
    const other = http.send(get(server.url));
    cancel.abort();
    expect((await cancelled).kind).toBe('cancelled');
    expect((await other).body.toString()).toBe('fine');
  });
});

describe('an answer that is too large', () => {
  test('is cut off, and its connection closed', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const timer = setInterval(() => socket.write(`400\r\n${'x'.repeat(1024)}\r\n`), 1);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await failing(httpOf(), get(server.url), 10_000)).toMatchObject({
      kind: 'too-large',
      message: 'the answer is above 10000 bytes',
      mayHaveArrived: true,
    });
    await until('the connection is closed', () => server.sockets.size === 0);
  });

  test('by one byte is too large, and one of the bound is not', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(200, 'x'.repeat(100))));
    const http = httpOf();
    expect((await http.send(get(url), 100)).body).toHaveLength(100);
    expect(await failing(http, get(url), 99)).toMatchObject({ kind: 'too-large' });
  });
});

test('200 calls leave no listener on the signal, no timer and no more connections than allowed', async () => {
  const server = await rawServer((socket) => socket.write(httpAnswer(200, 'x')));
  const http = httpOf({ connections: 2 });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const timersBefore = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  let most = 0;
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      await http.send(get(server.url, { signal, totalTimeoutMs: 60_000 }));
      most = Math.max(most, server.sockets.size);
    }),
  );
  expect(server.requests).toHaveLength(200);
  expect(most).toBeLessThanOrEqual(2);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  // the client's own timers stay; those of 200 calls would show
  const timersAfter = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  expect(timersAfter - timersBefore).toBeLessThan(10);
});

test('failed calls leave no listener on the signal either', async () => {
  const { url } = await rawServer((socket) => socket.resetAndDestroy());
  const http = httpOf();
  const { signal } = new AbortController();
  const dead = await deadUrl();
  for (let call = 0; call < 20; call += 1) {
    await failing(http, get(call % 2 === 0 ? url : dead, { signal }));
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('a stream', () => {
  test('hands the body over piece by piece', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(200, 'x'.repeat(200_000))));
    const sizes: number[] = [];
    const total = await httpOf().stream(get(url), async ({ status }, body) => {
      for await (const piece of body) sizes.push(piece.length);
      return [status, sizes.reduce((sum, size) => sum + size, 0)];
    });
    expect(total).toEqual([200, 200_000]);
    expect(sizes.length).toBeGreaterThan(1);
  });

  test('lets through what its consumer throws', async () => {
    const { url } = await rawServer((socket) => socket.write(httpAnswer(200, 'x')));
    const failure = failureOf(httpOf().stream(get(url), () => Promise.reject(new RangeError('of the consumer'))));
    expect(await failure).toMatchObject({ name: 'RangeError', message: 'of the consumer' });
  });
});

test('a closed client sends nothing more', async () => {
  const server = await rawServer((socket) => socket.write(httpAnswer(200)));
  const http = createHttp({ connectTimeoutMs: 1_000, connections: 1 });
  await http.send(get(server.url));
  await http.close();
  await failureOf(http.send(get(server.url)));
  expect(server.requests).toHaveLength(1);
});
