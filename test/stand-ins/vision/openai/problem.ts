import { z } from 'zod';
import { BadBase64 } from '../base64-images.ts';
import { Refusal, type RefusalCause } from '../engine/refusal.ts';
import type { ErrorReply } from '../inference-handler.ts';

/** A request that the wire refuses before the engine sees it. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** What a server says with a status, when the script gives no words. */
const USUAL_ERRORS: Readonly<Record<number, string>> = {
  429: 'Too many requests',
  500: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
  503: 'The request queue is full.',
};

const TYPES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  429: 'RateLimitError',
  503: 'ServiceUnavailableError',
};

/** In vLLM's words: whatever was thrown before the first byte. */
export function errorReply(error: unknown): ErrorReply | undefined {
  if (error instanceof BadRequest) return reply(400, error.message);
  if (error instanceof SyntaxError) return reply(400, `JSON decode error: ${error.message}`);
  if (error instanceof BadBase64) return reply(400, 'Failed to load image: Incorrect padding');
  if (error instanceof z.ZodError) return reply(400, z.prettifyError(error));
  return error instanceof Refusal ? refusalReply(error.cause) : undefined;
}

function refusalReply(cause: RefusalCause): ErrorReply {
  switch (cause.kind) {
    case 'model-missing':
      return reply(404, `The model \`${cause.model}\` does not exist.`);
    case 'vision-unsupported':
      return reply(400, 'This model is not a multimodal model');
    case 'bad-image':
      return reply(400, 'cannot identify image file <_io.BytesIO object>');
    case 'bad-schema':
      return reply(400, `Grammar error: ${cause.reason}`);
    case 'context-exceeded': {
      const { promptTokens, contextTokens } = cause;
      return reply(
        400,
        `This model's maximum context length is ${contextTokens} tokens. However, your request has ${promptTokens} input tokens.`,
      );
    }
    case 'busy':
      return reply(503, USUAL_ERRORS[503]);
    case 'scripted':
      return { ...reply(cause.status, cause.error ?? USUAL_ERRORS[cause.status]), headers: cause.headers };
  }
}

function reply(status: number, message: string | undefined): ErrorReply {
  return { status, body: message === undefined ? undefined : errorBody(status, message) };
}

/** Also what an event of a stream says. */
export function errorBody(status: number, message: string): { error: Readonly<Record<string, unknown>> } {
  return { error: { message, type: TYPES[status] ?? 'InternalServerError', param: null, code: status } };
}
