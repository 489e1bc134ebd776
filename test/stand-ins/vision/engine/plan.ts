import { composeAnswer } from '../answers/compose.ts';
import type { Settings } from '../options.ts';
import { randomFrom } from '../random.ts';
import type { ScriptAction } from '../script.ts';
import type { Conversation } from './conversation.ts';
import type { InferenceRequest } from './inference.ts';
import type { Look } from './look.ts';
import { drawLatencyMs } from './latency.ts';
import { firstTokens, textTokens } from './tokens.ts';

/** An answer before it is given. */
export interface AnswerPlan {
  readonly pieces: readonly string[];
  readonly finish: 'stop' | 'length';
  /** Until the prompt is computed. */
  readonly promptMs: number;
  /** From there to the last byte. */
  readonly outputMs: number;
  readonly outputTokens: number;
  readonly action: ScriptAction | undefined;
}

/** Share of the latency that goes into the prompt, when the slot remembers the image and when it does not. */
const PROMPT_SHARE = { hit: 0.05, miss: 0.25 };
/** The `length` action leaves this much of the text. */
const LENGTH_SHARE = 0.6;
/** At least so many pieces, and one a second, so that a client's idle timeout sees a lively server. */
const MIN_PIECES = 4;
const MAX_PIECES = 60;

export function planAnswer(input: {
  readonly request: InferenceRequest;
  readonly conversation: Conversation;
  readonly look: Look | undefined;
  readonly action: ScriptAction | undefined;
  readonly settings: Pick<Settings, 'latencyMs' | 'encodeMs' | 'seed'>;
  readonly encoded: boolean;
}): AnswerPlan {
  const { request, conversation, look, action, settings, encoded } = input;
  const key = [settings.seed, conversation.imageSha256, conversation.promptSha256, request.seed];
  const whole =
    action?.kind === 'text'
      ? action.text
      : composeAnswer({
          schema: request.schema,
          random: randomFrom('answer', ...key),
          transform: action?.kind === 'transform' ? action.how : undefined,
          question: conversation.lastText,
          prompt: conversation.prompt,
          look,
        });
  const wanted = action?.kind === 'length' ? Math.floor(textTokens(whole) * LENGTH_SHARE) : textTokens(whole);
  const outputTokens = Math.min(wanted, request.maxTokens ?? Infinity);
  const isCut = outputTokens < textTokens(whole);
  const delayMs = action?.kind === 'delay' ? action.ms : 0;
  const latencyMs = drawLatencyMs(settings.latencyMs, randomFrom('latency', ...key)) + delayMs;
  const promptMs = latencyMs * (encoded ? PROMPT_SHARE.miss : PROMPT_SHARE.hit);
  const outputMs = latencyMs - promptMs;
  return {
    pieces: cutUp(isCut ? firstTokens(whole, outputTokens) : whole, Math.ceil(outputMs / 1000)),
    finish: isCut || action?.kind === 'length' ? 'length' : 'stop',
    promptMs: promptMs + (encoded ? settings.encodeMs : 0),
    outputMs,
    outputTokens,
    action,
  };
}

/** Whole characters only: a piece is a JSON string of its own. */
function cutUp(text: string, wanted: number): string[] {
  const characters = Array.from(text);
  const count = Math.min(MAX_PIECES, Math.max(MIN_PIECES, wanted), characters.length);
  const start = (index: number): number => Math.round((index * characters.length) / count);
  return Array.from({ length: count }, (_, index) => characters.slice(start(index), start(index + 1)).join(''));
}
