import { performance } from 'node:perf_hooks';
import type { Http, HttpAnswer, HttpRequest } from '../shared/http.ts';
import { imageWordBase64, placeOfImage, putImage } from './image-in-body.ts';
import { classify, expectedServer, ofStatus } from './openai-errors.ts';
import { checkOpenAiModel, listModels, type OpenAiServer } from './openai-models.ts';
import { readAnswer } from './openai-stream.ts';
import type { InferenceRequest, VisionProvider } from './provider.ts';
import { jsonFrom } from './server-errors.ts';
import { textOf } from './text-of.ts';

export interface OpenAiOptions {
  /** With or without `/v1` at its end. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly healthTimeoutMs: number;
  /** Of one answer: see `vision.maxAnswerBytes`. */
  readonly maxAnswerBytes: number;
  /** What the model's chat template is told, the same in every call: see `vision.chatTemplate`. */
  readonly chatTemplate: Readonly<Record<string, unknown>> | null;
}

/**
 * Any server that speaks OpenAI's chat completions: vLLM, SGLang, llama.cpp's server, LM Studio. Answers are streamed, so
 * that an abort ends the inference in every phase and a proxy's idle timeout sees bytes.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create; dialects of the servers in `openai-stream.ts`.
 */
export function createOpenAiProvider(options: OpenAiOptions, http: Http): VisionProvider {
  const { maxAnswerBytes } = options;
  const root = options.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
  const headers = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };

  const stream = async <T>(
    call: Omit<HttpRequest, 'url'> & { readonly path: string },
    model: string | undefined,
    consume: (answer: HttpAnswer, body: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T> => {
    const { path, ...rest } = call;
    try {
      return await http.stream(
        { ...rest, url: `${root}${path}`, headers: { ...headers, ...rest.headers } },
        async (answer, body) => {
          if (answer.status === 200) return await consume(answer, body);
          const { 'retry-after': retryAfter } = answer.headers;
          const text = await textOf(body);
          throw ofStatus({ status: answer.status, body: text, retryAfter: retryAfter?.toString() }, model);
        },
      );
    } catch (error) {
      throw classify(error);
    }
  };

  const server: OpenAiServer = {
    get: (path, signal) =>
      stream({ method: 'GET', path, totalTimeoutMs: options.healthTimeoutMs, signal }, undefined, async (_, body) =>
        jsonFrom(expectedServer, await textOf(body)),
      ),
  };

  return {
    kind: 'openai',
    async health(signal) {
      await listModels(server, signal);
      return {};
    },
    checkModel: (model, signal) => checkOpenAiModel(server, model, signal),
    infer: (request, signal) => {
      const startedAt = performance.now();
      return stream(
        {
          method: 'POST',
          path: '/v1/chat/completions',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: putImage(JSON.stringify(bodyOf(request, options)), request.image.bytes, placeOfImage.openai),
          totalTimeoutMs: request.timeoutMs,
          signal,
        },
        request.model,
        (answer, body) => readAnswer({ model: request.model, startedAt, maxAnswerBytes }, answer, body),
      );
    },
  };
}

function bodyOf(
  { model, system, image, turns, schema, sampling }: InferenceRequest,
  { chatTemplate }: Pick<OpenAiOptions, 'chatTemplate'>,
) {
  const url = `data:${image.mime};base64,${imageWordBase64}`;
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: system },
      // image first, and the same bytes in every call: that is what the server's prefix cache recognises
      ...turns.map(({ role, text }, index) =>
        index > 0
          ? { role, content: text }
          : {
              role,
              content: [
                { type: 'image_url', image_url: { url } },
                { type: 'text', text },
              ],
            },
      ),
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
    temperature: sampling.temperature,
    seed: sampling.seed,
    max_tokens: sampling.maxTokens,
    ...(chatTemplate !== null && { chat_template_kwargs: chatTemplate }),
  };
}
