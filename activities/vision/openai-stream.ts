import { performance } from 'node:perf_hooks';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { HttpAnswer } from '../shared/http.ts';
import { answerText, known } from './inference-parts.ts';
import { ofEventError } from './openai-errors.ts';
import type { Inference } from './provider.ts';
import { visionError } from './server-errors.ts';

const count = z.number().nullish();

/** One event. All that a server may leave out, some server leaves out. */
const chunkSchema = z.object({
  model: z.string().nullish(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            /** SGLang, llama.cpp: with some models the answer lands there although no thinking was asked for. */
            reasoning_content: z.string().nullish(),
            /** The same in vLLM from 0.26 on. */
            reasoning: z.string().nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
    })
    .nullish(),
  /** Only llama.cpp tells times. */
  timings: z.object({ cache_n: count, prompt_ms: count, predicted_ms: count }).nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;

/** Longer events are no answer of a model. */
const maxEventCharacters = 1024 * 1024;
const doneMark = '[DONE]';

/**
 * Reads the stream of one chat completion to its end. Missing [DONE]: the answer was cut off.
 *
 * @param asked the model that was asked for, and when, in milliseconds of `performance.now()`
 * @throws {VisionError} what an event says, `protocol` for what is no event
 */
export async function readAnswer(
  asked: { readonly model: string; readonly startedAt: number },
  { headers }: HttpAnswer,
  body: AsyncIterable<Buffer>,
): Promise<Inference> {
  const type = headers['content-type']?.toString() ?? '';
  if (!type.includes('event-stream'))
    throw visionError('protocol', 'attempt', `the server does not stream: its answer is ${type || 'of no type'}`);
  const answer: Answer = { text: '', thinking: '', isDone: false };
  for await (const event of eventsOf(body, () => (answer.firstByteAt ??= performance.now()))) {
    if (event === doneMark) answer.isDone = true;
    else take(answer, parseChunk(event));
  }
  return inferenceOf(asked.model, answer, asked.startedAt);
}

interface Answer {
  text: string;
  thinking: string;
  isDone: boolean;
  firstByteAt?: number;
  model?: string;
  finishReason?: string;
  usage?: NonNullable<Chunk['usage']>;
  timings?: NonNullable<Chunk['timings']>;
}

function take(answer: Answer, { model, choices, usage, timings }: Chunk): void {
  const [choice] = choices ?? [];
  answer.text += choice?.delta?.content ?? '';
  answer.thinking += choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '';
  if (model) answer.model = model;
  if (choice?.finish_reason) answer.finishReason = choice.finish_reason;
  if (usage) answer.usage = usage;
  if (timings) answer.timings = timings;
}

function inferenceOf(asked: string, answer: Answer, startedAt: number): Inference {
  const { usage, timings, text, thinking } = answer;
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? timings?.cache_n;
  return {
    text: answerText(text, thinking),
    finish: finishOf(answer),
    model: answer.model ?? asked,
    usage: {
      ...known('promptTokens', usage?.prompt_tokens),
      ...known('cachedTokens', cached),
      ...known('outputTokens', usage?.completion_tokens),
    },
    timings: {
      totalMs: performance.now() - startedAt,
      ...known('firstByteMs', answer.firstByteAt === undefined ? undefined : answer.firstByteAt - startedAt),
      ...known('promptMs', timings?.prompt_ms),
      ...known('outputMs', timings?.predicted_ms),
    },
  };
}

/** Filtered, aborted by the server, or without a reason: not the whole answer. */
function finishOf({ isDone, finishReason }: Answer): Inference['finish'] {
  if (!isDone) return 'incomplete';
  return finishReason === 'stop' || finishReason === 'length' ? finishReason : 'incomplete';
}

async function* eventsOf(body: AsyncIterable<Buffer>, onByte: () => void): AsyncGenerator<string> {
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => events.push(data),
    onError: (error) => {
      // old servers of llama.cpp write `error: {...}` where others write `data: {"error": {...}}`
      if (error.field === 'error') events.push(`{"error": ${error.value ?? '""'}}`);
      else if (error.type === 'max-buffer-size-exceeded') throw visionError('protocol', 'attempt', error.message);
    },
    maxBufferSize: maxEventCharacters,
  });
  const decoder = new TextDecoder();
  for await (const piece of body) {
    onByte();
    parser.feed(decoder.decode(piece, { stream: true }));
    yield* events.splice(0);
  }
}

function parseChunk(event: string): Chunk {
  let chunk: Chunk;
  try {
    chunk = chunkSchema.parse(JSON.parse(event));
  } catch (error) {
    throw visionError('protocol', 'attempt', `an event that cannot be read: ${event.slice(0, 200)}`, { cause: error });
  }
  if (chunk.error !== undefined && chunk.error !== null) throw ofEventError(chunk.error);
  return chunk;
}
