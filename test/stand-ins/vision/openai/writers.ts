import type { InferenceEvent } from '../engine/inference.ts';
import type { Exchange } from '../exchange.ts';
import type { AnswerWriter } from '../inference-handler.ts';
import { TextStream } from '../text-stream.ts';
import { errorBody } from './problem.ts';

interface AnswerStart {
  readonly exchange: Exchange;
  readonly model: string;
}

type EndEvent = Extract<InferenceEvent, { kind: 'end' }>;

/** Said when the engine dies in the middle of an answer. */
const ENGINE_DIED = errorBody(500, 'EngineCore encountered an issue. See stack trace (above) for the root cause.');
let answers = 0;

/** An event per piece, and at the end `[DONE]`. Headers go out with the first, so that errors before it have a status. */
export function streamedAnswer({
  exchange,
  model,
  includeUsage,
}: AnswerStart & { readonly includeUsage: boolean }): AnswerWriter {
  const stream = new TextStream(exchange, 'text/event-stream; charset=utf-8');
  const frame = frameOf('chat.completion.chunk', model);
  const say = (data: string): void => stream.write(`data: ${data}\n\n`);
  const chunk = (delta: object, finishReason: string | null = null): void =>
    say(JSON.stringify({ ...frame, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] }));
  const begin = (): void => {
    if (!exchange.hasBegun) chunk({ role: 'assistant', content: '' });
  };
  return {
    write: (event) => {
      switch (event.kind) {
        case 'piece':
          begin();
          chunk({ content: event.text });
          return 200;
        case 'error':
          if (!exchange.hasBegun) return whole(exchange, 500, ENGINE_DIED);
          say(JSON.stringify(ENGINE_DIED));
          say('[DONE]');
          break;
        case 'incomplete':
          begin();
          break;
        case 'end':
          begin();
          chunk({ content: '' }, event.finish);
          if (includeUsage) say(JSON.stringify({ ...frame, choices: [], usage: usageOf(event) }));
          say('[DONE]');
      }
      stream.end();
      return 200;
    },
  };
}

/** Everything at the end. What ends too early becomes an error: there is no way to say it. */
export function wholeAnswer({ exchange, model }: AnswerStart): AnswerWriter {
  let text = '';
  return {
    write: (event) => {
      if (event.kind === 'piece') {
        text += event.text;
        return undefined;
      }
      if (event.kind !== 'end') return whole(exchange, 500, ENGINE_DIED);
      const choice = { index: 0, message: { role: 'assistant', content: text }, finish_reason: event.finish };
      return whole(exchange, 200, { ...frameOf('chat.completion', model), choices: [choice], usage: usageOf(event) });
    },
  };
}

function whole(exchange: Exchange, status: number, body: unknown): number {
  exchange.json(status, body);
  return status;
}

function frameOf(object: string, model: string): object {
  answers += 1;
  return { id: `chatcmpl-${answers}`, object, created: Math.floor(Date.now() / 1000), model };
}

function usageOf({ usage: { promptTokens, cachedTokens, outputTokens } }: EndEvent): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}
