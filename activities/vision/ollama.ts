import { performance } from 'node:perf_hooks';
import { type ChatRequest, type ChatResponse, Ollama } from 'ollama';
import { fetch as undiciFetch, type RequestInit } from 'undici';
import type { Http } from '../shared/http.ts';
import { imageWord, putImage } from './image-in-body.ts';
import { classify, isIncompleteStream, ofStatus } from './ollama-errors.ts';
import { type Inference, type InferenceRequest, type Turn, VisionError, type VisionProvider } from './provider.ts';

export interface OllamaOptions {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** The same for every call: a change makes the server load the model again. */
  readonly contextTokens: number;
  readonly healthTimeoutMs: number;
}

/**
 * Ollama's native API through the npm client, but with our own fetch: the client itself can abort neither a call without
 * streaming nor a stream before its first byte, and Node's fetch gives up after five minutes without headers.
 */
export function createOllamaProvider(options: OllamaOptions, http: Http): VisionProvider {
  const clientFor = (signal: AbortSignal, image?: Buffer) =>
    new Ollama({
      host: options.baseUrl,
      ...(options.apiKey !== undefined && { headers: { authorization: `Bearer ${options.apiKey}` } }),
      fetch: (async (url: string, init?: RequestInit) => {
        const body = image && typeof init?.body === 'string' ? { body: putImage(init.body, image) } : {};
        const answer = await undiciFetch(url, { ...init, ...body, signal, dispatcher: http.dispatcher });
        // before the client reads it: it would print to the console
        if (!answer.ok) throw ofStatus(answer.status, await answer.text(), answer.headers.get('retry-after'));
        return answer;
      }) as never,
    });

  return {
    kind: 'ollama',
    health: (signal) => withTimeout(options.healthTimeoutMs, signal, async (limited) => clientFor(limited).version()),
    infer: (request, signal) =>
      withTimeout(request.timeoutMs, signal, (limited) =>
        chat(clientFor(limited, request.image.bytes), request, options),
      ),
  };
}

async function chat(client: Ollama, request: InferenceRequest, { contextTokens }: OllamaOptions): Promise<Inference> {
  const startedAt = performance.now();
  let firstByteMs: number | undefined;
  let text = '';
  let last: ChatResponse | undefined;
  try {
    for await (const part of await client.chat(bodyOf(request, contextTokens))) {
      firstByteMs ??= performance.now() - startedAt;
      text += part.message.content;
      last = part;
    }
  } catch (error) {
    if (!isIncompleteStream(error)) throw error;
  }
  const totalMs = performance.now() - startedAt;
  return {
    text,
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

function bodyOf(
  request: InferenceRequest,
  contextTokens: number,
): ChatRequest & { stream: true; truncate: false; shift: false } {
  const { model, system, turns, schema, sampling } = request;
  return {
    model,
    stream: true as const,
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
    keep_alive: -1,
    // missing in the client's types; without them a long conversation silently loses the message that holds the image
    truncate: false as const,
    shift: false as const,
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

/** One signal for cancellation and time; what comes out of `work` is classified. */
async function withTimeout<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timedOut = new VisionError(`no whole answer within ${timeoutMs} ms`, { kind: 'timeout', scope: 'attempt' });
  const abort = () => controller.abort();
  const timer = setTimeout(() => controller.abort(timedOut), timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    if (signal.aborted)
      throw new VisionError('the inference was cancelled', { kind: 'cancelled', scope: 'attempt', cause: error });
    throw controller.signal.aborted ? timedOut : classify(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

const fromNanoseconds = (value: number | undefined) => (value === undefined ? undefined : value / 1e6);
const known = <K extends string>(key: K, value: number | undefined) =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>;
