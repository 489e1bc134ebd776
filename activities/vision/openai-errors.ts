import { HttpFailure } from '../shared/http.ts';
import { VisionError } from './provider.ts';
import {
  messageOf,
  ofCommonStatus,
  ofErrorInStream,
  ofHttpFailure,
  type StatusAnswer,
  visionError,
} from './server-errors.ts';

/** What should answer at the address, in words for whoever set it. */
export const expectedServer = 'an OpenAI-compatible server';

/** What went wrong in a call. */
export function classify(error: unknown): VisionError {
  if (error instanceof VisionError) return error;
  if (error instanceof HttpFailure) return ofHttpFailure(error);
  return visionError('protocol', 'attempt', error instanceof Error ? error.message : String(error), { cause: error });
}

/** The same in every call, and so is the answer: vLLM with Mistral's tokenizer, and servers that take no unknown field. */
const refusesTemplate =
  /chat[ _]template(_kwargs)?\b.*(not supported|unsupported|not permitted|forbidden|unknown|unexpected|extra|unrecognized)|(not supported|unsupported|not permitted|forbidden|unknown|unexpected|extra|unrecognized)\b.*chat_template_kwargs/is;

/** @param model the one that was asked for, if any: a 404 may mean it or the address */
export function ofStatus(answer: StatusAnswer, model: string | undefined): VisionError {
  const { status } = answer;
  const message = messageOf(answer);
  if (status === 403)
    return visionError('protocol', 'host', 'GF25_VISION_URL answers 403: mend GF25_VISION_API_KEY', { status });
  if (status === 408) return visionError('timeout', 'attempt', message, { status });
  if ((status === 400 || status === 422) && refusesTemplate.test(message)) {
    const advice = 'this server takes no words for its chat template: set vision.chatTemplate to null';
    return visionError('protocol', 'host', `${message}: ${advice}`, { status });
  }
  if (status !== 404) return ofCommonStatus(answer);
  if (model !== undefined && /model/i.test(message))
    return visionError('model-missing', 'analysis', `${message}: start the server with '${model}'`, { status });
  const advice = 'is there an OpenAI-compatible server at GF25_VISION_URL?';
  return visionError('protocol', 'host', `${message}: ${advice}`, { status });
}

/** `error` of an event: an object with a `code` that is mostly a status, or a text. */
export function ofEventError(error: unknown): VisionError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN;
  const body = JSON.stringify({ error });
  return code >= 400 && code < 600
    ? ofStatus({ status: code, body, retryAfter: undefined }, undefined)
    : ofErrorInStream(body);
}
