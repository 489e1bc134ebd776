import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VisionProvider } from '../../../activities/vision/provider.ts';
import { failureOf } from '../../support/activity.ts';
import { rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/wait.ts';
import { inferenceOf, listeningServer, ndjson, ollamaAt, openaiAt } from './inferences.ts';

const never = () => new AbortController().signal;
const maxAnswerBytes = 4_096;

interface Wire {
  readonly type: string;
  readonly at: (url: string) => VisionProvider;
  readonly piece: (content: unknown) => string;
  readonly end: string;
}

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const wires: Readonly<Record<'ollama' | 'openai', Wire>> = {
  ollama: {
    type: 'application/x-ndjson',
    at: (url) => ollamaAt(url, { maxAnswerBytes }),
    piece: (content) => ndjson({ model: 'a-model', message: { role: 'assistant', content }, done: false }),
    end: ndjson({ model: 'a-model', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' }),
  },
  openai: {
    type: 'text/event-stream',
    at: (url) => openaiAt(url, { maxAnswerBytes }),
    piece: (content) => event({ choices: [{ delta: { content } }] }),
    end: `${event({ choices: [{ delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
  },
};

const consoleMethods = ['log', 'warn', 'error', 'info', 'debug'] as const;
let printed: () => unknown[];
beforeEach(() => {
  const spies = consoleMethods.map((name) => vi.spyOn(console, name).mockReturnValue());
  printed = () => spies.flatMap(({ mock }) => mock.calls as unknown[]);
});
afterEach(() => {
  expect(printed()).toEqual([]);
  vi.restoreAllMocks();
});

describe.each(Object.entries(wires))('by the wire of %s', (_, { type, at, piece, end }) => {
  const answering = (answer: (response: ServerResponse) => void) => listeningServer(answer);
  const streaming = (text: string) =>
    answering((response) => void response.writeHead(200, { 'content-type': type }).end(text));

  /** Writes until nobody listens any more. */
  const pouring = (pieces: string, status = 200) =>
    answering((response) => {
      response.writeHead(status, { 'content-type': type });
      const pour = () => {
        while (!response.destroyed && response.write(pieces));
      };
      response.on('drain', pour);
      pour();
    });

  describe('an answer that does not end', () => {
    test.each([
      ['in many pieces', piece('x'.repeat(500)).repeat(20)],
      ['in thoughts', type.includes('ndjson') ? ndjson({ message: { thinking: 'x'.repeat(500) }, done: false }) : event({ choices: [{ delta: { reasoning: 'x'.repeat(500) } }] })], // prettier-ignore
      ['in one line', 'data: '.repeat(1_000)],
    ])('%s is left above its bound, and says so', async (_, pieces) => {
      const { url } = await pouring(pieces);
      const inference = await at(url).infer(await inferenceOf(), never());
      expect(inference).toMatchObject({ finish: 'too-long', maxBytes: maxAnswerBytes });
      expect(inference.text.length).toBeLessThanOrEqual(maxAnswerBytes);
    });

    test('and tells of an error is left, too', async () => {
      const { url } = await pouring('x'.repeat(64_000), 500);
      expect(await failureOf(at(url).infer(await inferenceOf(), never()))).toMatchObject({ kind: 'runner-died' });
      expect(await failureOf(at(url).health(never()))).toMatchObject({ kind: 'runner-died' });
    });

    test('is bounded in bytes of its text, and not of its wrapping', async () => {
      const text = 'ä'.repeat(maxAnswerBytes / 2);
      const { url } = await streaming(piece('ä').repeat(text.length) + end);
      expect(await at(url).infer(await inferenceOf(), never())).toMatchObject({ finish: 'stop', text });
    });
  });

  test.each(['{"status":"ok"}', '[]', 'null', '{"version":1}'])(
    'a server that answers %s is another one',
    async (text) => {
      const { url } = await answering((response) => void response.end(text));
      expect(await failureOf(at(url).health(never()))).toMatchObject({ kind: 'protocol', scope: 'host' });
    },
  );

  describe('a server that keeps the connection open', () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

    test('after the end of its answer is left, and the answer is taken', async () => {
      const { url, sockets } = await rawServer((socket) => socket.write(head + chunk(piece('{}') + end)));
      expect(await at(url).infer(await inferenceOf({ timeoutMs: 60_000 }), never())).toMatchObject({
        finish: 'stop',
        text: '{}',
      });
      await until('the connection is closed', () => sockets.size === 0);
    });

    test('and goes on to write is left, too', async () => {
      const { url, sockets } = await rawServer((socket) => {
        socket.write(head + chunk(piece('{}') + end));
        const timer = setInterval(() => socket.write(chunk(piece('more'))), 10);
        socket.on('close', () => clearInterval(timer));
      });
      const { text } = await at(url).infer(await inferenceOf({ timeoutMs: 60_000 }), never());
      expect(text).toMatch(/^\{\}/);
      await until('the connection is closed', () => sockets.size === 0);
    });

    test('or breaks it there gave its answer', async () => {
      const { url } = await rawServer((socket) => {
        socket.write(head + chunk(piece('{}') + end), () => setTimeout(() => socket.resetAndDestroy(), 20));
      });
      expect(await at(url).infer(await inferenceOf(), never())).toMatchObject({ finish: 'stop', text: '{}' });
    });

    test('for the next call is used again when its answer ends as it should', async () => {
      const { url, sockets, requests } = await rawServer((socket) => {
        socket.write(head + chunk(piece('{}') + end));
        setTimeout(() => socket.write('0\r\n\r\n'), 5);
      });
      const provider = at(url);
      for (let calls = 0; calls < 6; calls += 1) await provider.infer(await inferenceOf(), never());
      // a second one is opened where a call comes before the first connection is known to be free
      expect([requests.length, sockets.size <= 2]).toEqual([6, true]);
    });
  });

  describe('something else at the address', () => {
    const page = '<!doctype html><html><body>Please sign in to see our models</body></html>';
    const asHtml = (status: number) => (response: ServerResponse) =>
      void response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page);

    test.each<[string, (response: ServerResponse) => void, RegExp]>([
      [
        'that wants a key',
        asHtml(401),
        /^GF25_VISION_URL answers 401: it wants a key: set or mend GF25_VISION_API_KEY$/,
      ],
      ['that wants a key of a proxy', asHtml(407), /^GF25_VISION_URL answers 407: .*GF25_VISION_API_KEY/],
      ['that sends to a login', asHtml(302), /^GF25_VISION_URL answers 302: it leads elsewhere/],
      ['that shows a page', asHtml(200), /^GF25_VISION_URL answers with a web page and not as .* does/],
    ])('%s is no server to work with', async (_, answer, message) => {
      const { url } = await answering(answer);
      const expected = { kind: 'protocol', scope: 'host', message: expect.stringMatching(message) as string };
      expect(await failureOf(at(url).infer(await inferenceOf(), never()))).toMatchObject(expected);
      expect(await failureOf(at(url).health(never()))).toMatchObject(expected);
    });

    test('that shows a page without saying so is none, either', async () => {
      const { url } = await answering((response) => response.end(page));
      expect(await failureOf(at(url).health(never()))).toMatchObject({ kind: 'protocol', scope: 'host' });
      expect(await failureOf(at(url).infer(await inferenceOf(), never()))).toMatchObject({ kind: 'protocol' });
    });

    test.each([502, 404])('that answers %i with a page is not quoted', async (status) => {
      const { url } = await answering(asHtml(status));
      const failure = await failureOf(at(url).infer(await inferenceOf(), never()));
      expect(failure.message).toContain(`a gateway answered ${status} with a web page`);
      expect(failure).not.toMatchObject({ kind: 'model-missing' });
    });

    test('that writes lines which cannot be read fails the call', async () => {
      const { url } = await streaming(`${piece('{')}${type.includes('ndjson') ? 'oops\n' : 'data: oops\n\n'}${end}`);
      const failure = await failureOf(at(url).infer(await inferenceOf(), never()));
      expect(failure).toMatchObject({ kind: 'protocol', scope: 'attempt', message: expect.stringContaining('oops') as string }); // prettier-ignore
    });

    test.each([[5], [true], [['a']], [{ text: 'a' }]])(
      'that says %j where words belong fails the call',
      async (content) => {
        const { url } = await streaming(`${piece('{')}${piece(content)}${end}`);
        const message = expect.stringContaining(JSON.stringify(content)) as string;
        const failure = await failureOf(at(url).infer(await inferenceOf(), never()));
        expect(failure).toMatchObject({ kind: 'protocol', scope: 'attempt', message });
      },
    );
  });
});
