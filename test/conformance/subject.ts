import { createHash } from 'node:crypto';
import { createHttp } from '../../activities/shared/http.ts';
import { createEmbeddedProvider } from '../../activities/vision/embedded/index.ts';
import { createOllamaProvider } from '../../activities/vision/ollama.ts';
import { createOpenAiProvider } from '../../activities/vision/openai.ts';
import type {
  ImageForModel,
  InferenceRequest,
  ProviderKind,
  VisionProvider,
} from '../../activities/vision/provider.ts';
import { startVisionStandIn, type VisionStandIn } from '../stand-ins/vision/server.ts';
import { picture } from '../stand-ins/vision/support.ts';

/** What the checks are run on: a provider of ours, and the server behind it. */
export interface Subject {
  readonly provider: VisionProvider;
  readonly model: string;
  /** The whole time of one inference that is expected to succeed. */
  readonly timeoutMs: number;
  /** The same kind of provider before another address. Undefined: there is no server behind it. */
  readonly providerAt: ((baseUrl: string) => VisionProvider) | undefined;
  /** Undefined: the server is a real one, and cannot be told to fail. */
  readonly standIn: VisionStandIn | undefined;
  close(): Promise<void>;
}

export interface SubjectOptions {
  readonly kind: ProviderKind;
  /** Of a real server. Default: a stand-in is started. */
  readonly url?: string | undefined;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** As in production: the options of every call are the same. */
const contextTokens = 8_192;
const usualTimeoutMs = 20_000;
const healthTimeoutMs = 5_000;
export const maxAnswerBytes = 1024 * 1024;
export const connectTimeoutMs = 1_000;

export async function openSubject({ kind, url, apiKey, ...options }: SubjectOptions): Promise<Subject> {
  const common = { model: options.model ?? 'qwen2.5vl:7b', timeoutMs: options.timeoutMs ?? usualTimeoutMs };
  if (kind === 'embedded') {
    const provider = createEmbeddedProvider();
    return { ...common, provider, providerAt: undefined, standIn: undefined, close: () => provider.close() };
  }
  const standIn = url === undefined ? await startVisionStandIn({ acceptAnyModel: false, latencyMs: 60 }) : undefined;
  const http = createHttp({ connectTimeoutMs, connections: 8 });
  const create = { ollama: createOllamaProvider, openai: createOpenAiProvider }[kind];
  const same = { apiKey, contextTokens, healthTimeoutMs, maxAnswerBytes, chatTemplate: { enable_thinking: false } };
  const providerAt = (baseUrl: string) => create({ baseUrl, ...same }, http);
  return {
    ...{ ...common, providerAt, standIn },
    provider: providerAt(url ?? standIn?.url ?? ''),
    async close() {
      await http.close();
      await standIn?.close();
    },
  };
}

export async function imageOf(name: string): Promise<ImageForModel> {
  const bytes = await picture(name);
  return {
    ...{ bytes, mime: 'image/jpeg', variant: 'optimised', sha256: createHash('sha256').update(bytes).digest('hex') },
    ...{ width: 640, height: 480, originalWidth: 640, originalHeight: 480 },
  };
}

/** One question about one image; what a check is about it sets itself. */
export async function requestOf(
  { model, timeoutMs }: Subject,
  { text, ...overrides }: Partial<InferenceRequest> & { readonly text?: string } = {},
): Promise<InferenceRequest> {
  return {
    model,
    system: 'You look at images and answer in JSON.',
    image: overrides.image ?? (await imageOf('one')),
    turns: [{ role: 'user', text: text ?? 'Describe the image as {"summary": text, "colours": number of colours}.' }],
    schema: {
      type: 'object',
      properties: {
        summary: { type: 'string', minLength: 1, maxLength: 300 },
        colours: { type: 'integer', minimum: 0, maximum: 100 },
      },
      required: ['summary', 'colours'],
      additionalProperties: false,
    },
    sampling: { temperature: 0, seed: 25, maxTokens: 400 },
    embedded: 'object-detection',
    timeoutMs,
    ...overrides,
  };
}
