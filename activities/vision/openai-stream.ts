import { performance } from 'node:perf_hooks';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { HttpAnswer } from '../shared/http.ts';
import { AnswerTooLong, BoundedAnswer } from './bounded-answer.ts';
import { answerText, known } from './inference-parts.ts';
import { expectedServer, ofEventError } from './openai-errors.ts';
import type { Inference } from './provider.ts';
import { refuseWebPage, visionError } from './server-errors.ts';
import { untilOver } from './until-over.ts';

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

const doneMark = '[DONE]';

/** What was asked, and when, in milliseconds of `performance.now()`. */
export interface Asked {
  readonly model: string;
  readonly startedAt: number;
  readonly maxAnswerBytes: number;
}

/**
 * Reads the stream of one chat completion to [DONE], whatever comes then. Missing [DONE]: the answer was cut off.
 *
 * @throws {VisionError} what an event says, `protocol` for what is no event
 */
export async function readAnswer(asked: Asked, head: HttpAnswer, body: AsyncIterable<Buffer>): Promise<Inference> {
  refuseWebPage(expectedServer, head);
  const type = head.headers['content-type']?.toString() ?? '';
  if (!type.includes('event-stream'))
    throw visionError('protocol', 'attempt', `the server does not stream: its answer is ${type || 'of no type'}`);
  const { maxAnswerBytes } = asked;
  const answer: Answer = { said: new BoundedAnswer(maxAnswerBytes), isDone: false, isTooLong: false };
  const pieces = untilOver(body, () => answer.isDone);
  try {
    for await (const event of eventsOf(pieces, maxAnswerBytes, () => (answer.firstByteAt ??= performance.now()))) {
      if (event === doneMark) answer.isDone = true;
      else if (!answer.isDone) take(answer, parseChunk(event));
    }
  } catch (error) {
    if (!(error instanceof AnswerTooLong)) throw error;
    answer.isTooLong = true;
  }
  return inferenceOf(asked, answer);
}

interface Answer {
  readonly said: BoundedAnswer;
  isDone: boolean;
  isTooLong: boolean;
  firstByteAt?: number;
  model?: string;
  finishReason?: string;
  usage?: NonNullable<Chunk['usage']>;
  timings?: NonNullable<Chunk['timings']>;
}

function take(answer: Answer, { model, choices, usage, timings }: Chunk): void {
  const [choice] = choices ?? [];
  const { content, reasoning_content, reasoning } = choice?.delta ?? {};
  answer.said.add(content ?? '', reasoning_content ?? reasoning ?? '');
  if (model) answer.model = model;
  if (choice?.finish_reason) answer.finishReason = choice.finish_reason;
  if (usage) answer.usage = usage;
  if (timings) answer.timings = timings;
}

function inferenceOf({ model, startedAt, maxAnswerBytes }: Asked, answer: Answer): Inference {
  const { usage, timings, said } = answer;
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? timings?.cache_n;
  return {
    text: answerText(said.text, said.thinking),
    ...(answer.isTooLong ? { finish: 'too-long', maxBytes: maxAnswerBytes } : { finish: finishOf(answer) }),
    model: answer.model ?? model,
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

async function* eventsOf(
  body: AsyncIterable<Buffer>,
  maxEventBytes: number,
  onByte: () => void,
): AsyncGenerator<string> {
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => events.push(data),
    onError: (error) => {
      // old servers of llama.cpp write `error: {...}` where others write `data: {"error": {...}}`
      if (error.field === 'error') events.push(`{"error": ${error.value ?? '""'}}`);
      else if (error.type === 'max-buffer-size-exceeded') throw new AnswerTooLong();
    },
    maxBufferSize: maxEventBytes,
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
