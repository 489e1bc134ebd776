import { performance } from 'node:perf_hooks';
import { type ChatRequest, type ChatResponse, Ollama } from 'ollama';
import { z } from 'zod';
import type { Http } from '../shared/http.ts';
import { AnswerTooLong, BoundedAnswer } from './bounded-answer.ts';
import { imageWord } from './image-in-body.ts';
import { answerText, known } from './inference-parts.ts';
import { classify, isIncompleteStream } from './ollama-errors.ts';
import { type CallContext, createOllamaFetch } from './ollama-fetch.ts';
import { checkOllamaModel } from './ollama-models.ts';
import type { Inference, InferenceRequest, ServerInfo, Turn, VisionProvider } from './provider.ts';
import { notThisServer, visionError } from './server-errors.ts';
import { withTimeout } from './with-timeout.ts';

export interface OllamaOptions {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** The same for every call: a change makes the server load the model again. */
  readonly contextTokens: number;
  readonly healthTimeoutMs: number;
  /** Of one answer: see `vision.maxAnswerBytes`. */
  readonly maxAnswerBytes: number;
}

/** Ollama's native API through the npm client, but with our own fetch: see `ollama-fetch.ts`. */
export function createOllamaProvider(options: OllamaOptions, http: Http): VisionProvider {
  const clientFor = (signal: AbortSignal, context: CallContext = {}) =>
    new Ollama({
      host: options.baseUrl,
      ...(options.apiKey !== undefined && { headers: { authorization: `Bearer ${options.apiKey}` } }),
      fetch: createOllamaFetch(http, context, signal) as never,
    });

  return {
    kind: 'ollama',
    health: (signal) =>
      withTimeout(options.healthTimeoutMs, signal, classify, async (limited) =>
        versionIn(await clientFor(limited).version()),
      ),
    checkModel: (model, signal) =>
      withTimeout(options.healthTimeoutMs, signal, classify, (limited) =>
        checkOllamaModel(clientFor(limited, { model }), model),
      ),
    warmUp: (model, signal) =>
      withTimeout(undefined, signal, classify, async (limited) => {
        await clientFor(limited, { model }).chat(loadOf(model, options));
      }),
    infer: (request, signal) =>
      withTimeout(request.timeoutMs, signal, classify, (limited) =>
        chat((stream) => clientFor(limited, { model: request.model, stream }), request, options),
      ),
  };
}

async function chat(
  clientFor: (stream: NonNullable<CallContext['stream']>) => Ollama,
  request: InferenceRequest,
  { contextTokens, maxAnswerBytes }: OllamaOptions,
): Promise<Inference> {
  const startedAt = performance.now();
  const said = new BoundedAnswer(maxAnswerBytes);
  let firstByteMs: number | undefined;
  let last: ChatResponse | undefined;
  let isTooLong = false;
  const client = clientFor({ image: request.image.bytes, maxLineBytes: maxAnswerBytes });
  try {
    for await (const part of await client.chat(bodyOf(request, contextTokens))) {
      firstByteMs ??= performance.now() - startedAt;
      const { content, thinking } = messageIn(part);
      said.add(content ?? '', thinking ?? '');
      last = part;
    }
  } catch (error) {
    isTooLong = error instanceof AnswerTooLong;
    if (!isTooLong && !isIncompleteStream(error)) throw error;
  }
  const totalMs = performance.now() - startedAt;
  return {
    text: answerText(said.text, said.thinking),
    ...(isTooLong ? { finish: 'too-long', maxBytes: maxAnswerBytes } : { finish: finishOf(last) }),
    model: last?.model ?? request.model,
    usage: { ...known('promptTokens', last?.prompt_eval_count), ...known('outputTokens', last?.eval_count) },
    timings: {
      totalMs,
      ...known('firstByteMs', firstByteMs),
      ...known('loadMs', fromNanoseconds(last?.load_duration)),
      ...known('promptMs', fromNanoseconds(last?.prompt_eval_duration)),
      ...known('outputMs', fromNanoseconds(last?.eval_duration)),
    },
  };
}

const versionSchema = z.object({ version: z.string() });

/** @throws {VisionError} `protocol`: anything may answer with some JSON, but only Ollama with its version */
function versionIn(answer: unknown): ServerInfo {
  const { data, error } = versionSchema.safeParse(answer);
  if (data) return data;
  throw notThisServer('Ollama', 'JSON that names no version', error);
}

const words = z.string().nullish();
/** Whatever the client's types say, the last line of some servers has no message. */
const partSchema = z.object({ message: z.object({ content: words, thinking: words }).nullish() });

/** @throws {VisionError} `protocol` for what is no message */
function messageIn(part: ChatResponse) {
  const { data, error } = partSchema.safeParse(part);
  if (data) return data.message ?? {};
  const line = JSON.stringify(part).slice(0, 200);
  throw visionError('protocol', 'attempt', `a line that cannot be read: ${line}`, { cause: error });
}

function finishOf(last: ChatResponse | undefined): Inference['finish'] {
  // `load`: it says that the model is loaded, and nothing else
  if (last?.done !== true || last.done_reason === 'load') return 'incomplete';
  return last.done_reason === 'length' ? 'length' : 'stop';
}

/**
 * What every call says alike: a difference in one of these would make the server load the model again. The last two are
 * missing in the client's types; without them a long conversation silently loses the message that holds the image.
 */
const sameForAll = (model: string) => ({ model, keep_alive: -1, truncate: false as const, shift: false as const });

/** Without messages: the model is loaded, and nothing else. */
const loadOf = (model: string, { contextTokens }: OllamaOptions): ChatRequest & { stream: false } => ({
  ...sameForAll(model),
  stream: false,
  messages: [],
  options: { num_ctx: contextTokens },
});

function bodyOf(request: InferenceRequest, contextTokens: number): ChatRequest & { stream: true } {
  const { model, system, turns, schema, sampling } = request;
  return {
    ...sameForAll(model),
    stream: true,
    // image first, and the same bytes in every call: that is what the server's prefix cache recognises
    messages: [
      { role: 'system', content: system },
      ...turns.map((turn, index) => ({
        role: turn.role,
        content: contentOf(turn),
        ...(index === 0 && { images: [imageWord] }),
      })),
    ],
    format: schema,
    think: false,
    options: {
      num_ctx: contextTokens,
      num_predict: sampling.maxTokens,
      temperature: sampling.temperature,
      seed: sampling.seed,
    },
  };
}

/**
 * Ollama takes "[img" in any text for a placeholder that moves the image, or drops it. Prompts are kept free of it; a
 * model's own words, read in an image perhaps, are not.
 */
const contentOf = ({ role, text }: Turn) => (role === 'assistant' ? text.replaceAll('[img', '(img') : text);

const fromNanoseconds = (value: number | undefined) => (value === undefined ? undefined : value / 1e6);
