import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { createHttp } from '../../../activities/shared/http.ts';
import { createOllamaProvider, type OllamaOptions } from '../../../activities/vision/ollama.ts';
import { createOpenAiProvider, type OpenAiOptions } from '../../../activities/vision/openai.ts';
import type { ImageForModel, InferenceRequest, VisionProvider } from '../../../activities/vision/provider.ts';
import type { VisionStandInOptions } from '../../stand-ins/vision/options.ts';
import { startVisionStandIn, type VisionStandIn } from '../../stand-ins/vision/server.ts';
import { picture } from '../../stand-ins/vision/support.ts';

export async function imageForModel(name = 'one'): Promise<ImageForModel> {
  const bytes = await picture(name);
  return {
    ...{ bytes, mime: 'image/jpeg', variant: 'optimised', sha256: createHash('sha256').update(bytes).digest('hex') },
    ...{ width: 640, height: 480, originalWidth: 640, originalHeight: 480 },
  };
}

/** One question about one image; what a test is about it sets itself. */
export async function inferenceOf(overrides: Partial<InferenceRequest> = {}): Promise<InferenceRequest> {
  return {
    model: 'a-model',
    system: 'You look at images.',
    image: overrides.image ?? (await imageForModel()),
    turns: [{ role: 'user', text: 'What is it?' }],
    schema: {
      type: 'object',
      properties: { summary: { type: 'string', maxLength: 200 } },
      required: ['summary'],
      additionalProperties: false,
    },
    sampling: { temperature: 0.1, seed: 25, maxTokens: 1_500 },
    timeoutMs: 20_000,
    ...overrides,
  };
}

const sameForBoth = { healthTimeoutMs: 5_000, maxAnswerBytes: 1_048_576 };

export function ollamaAt(baseUrl: string, options: Partial<OllamaOptions> = {}): VisionProvider {
  const http = createHttp({ connectTimeoutMs: 2_000, connections: 8 });
  onTestFinished(() => http.close());
  return createOllamaProvider({ baseUrl, contextTokens: 8_192, ...sameForBoth, ...options }, http);
}

/** A stand-in for one test, and our provider before it. */
export async function ollamaStandIn(
  options: VisionStandInOptions = {},
): Promise<{ server: VisionStandIn; provider: VisionProvider }> {
  const server = await startVisionStandIn(options);
  onTestFinished(() => server.close());
  return { server, provider: ollamaAt(server.url) };
}

export function openaiAt(baseUrl: string, options: Partial<OpenAiOptions> = {}): VisionProvider {
  const http = createHttp({ connectTimeoutMs: 2_000, connections: 8 });
  onTestFinished(() => http.close());
  return createOpenAiProvider({ baseUrl, chatTemplate: { enable_thinking: false }, ...sameForBoth, ...options }, http);
}

/** As `ollamaStandIn`, by the other wire. */
export async function openaiStandIn(
  options: VisionStandInOptions = {},
): Promise<{ server: VisionStandIn; provider: VisionProvider }> {
  const server = await startVisionStandIn(options);
  onTestFinished(() => server.close());
  return { server, provider: openaiAt(server.url) };
}

export interface Heard {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** A server for one test that hears what is sent, whole, and answers by hand. */
export async function listeningServer(answer: (response: ServerResponse) => void) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      heard.push({
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      });
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Lines of a stream, as Ollama writes them. */
export const ndjson = (...lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
