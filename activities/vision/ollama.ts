import { performance } from 'node:perf_hooks';
import { ReadableStream } from 'node:stream/web';
import { type ChatRequest, type ChatResponse, Ollama } from 'ollama';
import type { Http, HttpCall } from '../shared/http.ts';
import { imageWord, placeOfImage, putImage } from './image-in-body.ts';
import { answerText, known } from './inference-parts.ts';
import { classify, isIncompleteStream, ofStatus } from './ollama-errors.ts';
import { checkOllamaModel } from './ollama-models.ts';
import type { Inference, InferenceRequest, Turn, VisionProvider } from './provider.ts';
import { withTimeout } from './with-timeout.ts';

export interface OllamaOptions {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** The same for every call: a change makes the server load the model again. */
  readonly contextTokens: number;
  readonly healthTimeoutMs: number;
}

/** What the npm client asks of a `fetch`. */
interface ClientCall {
  readonly method?: HttpCall['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Ollama's native API through the npm client, but with our own fetch: the client itself can abort neither a call without
 * streaming nor a stream before its first byte, and Node's fetch gives up after five minutes without headers.
 */
export function createOllamaProvider(options: OllamaOptions, http: Http): VisionProvider {
  const clientFor = (signal: AbortSignal, about: { readonly model?: string; readonly image?: Buffer } = {}) =>
    new Ollama({
      host: options.baseUrl,
      ...(options.apiKey !== undefined && { headers: { authorization: `Bearer ${options.apiKey}` } }),
      fetch: (async (url: string, { method = 'GET', headers, body }: ClientCall) => {
        const isOfImage = about.image !== undefined && body !== undefined;
        const whole = isOfImage ? putImage(body, about.image, placeOfImage.ollama) : body;
        const answer = await http.open({ method, url, headers, ...(whole !== undefined && { body: whole }) }, signal);
        const response = new Response(ReadableStream.from(answer.body), { status: answer.status });
        if (response.ok) return response;
        // before the client reads it: it would print to the console
        const retryAfter = answer.headers['retry-after']?.toString();
        throw ofStatus({ status: answer.status, body: await response.text(), retryAfter }, about.model);
      }) as never,
    });

  return {
    kind: 'ollama',
    health: (signal) =>
      withTimeout(options.healthTimeoutMs, signal, classify, (limited) => clientFor(limited).version()),
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
        chat(clientFor(limited, { model: request.model, image: request.image.bytes }), request, options),
      ),
  };
}

async function chat(client: Ollama, request: InferenceRequest, { contextTokens }: OllamaOptions): Promise<Inference> {
  const startedAt = performance.now();
  let firstByteMs: number | undefined;
  let text = '';
  let thinking = '';
  let last: ChatResponse | undefined;
  try {
    for await (const part of await client.chat(bodyOf(request, contextTokens))) {
      firstByteMs ??= performance.now() - startedAt;
      text += part.message.content;
      thinking += part.message.thinking ?? '';
      last = part;
    }
  } catch (error) {
    if (!isIncompleteStream(error)) throw error;
  }
  const totalMs = performance.now() - startedAt;
  return {
    text: answerText(text, thinking),
    finish: finishOf(last),
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

function finishOf(last: ChatResponse | undefined): Inference['finish'] {
  if (last?.done !== true) return 'incomplete';
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
