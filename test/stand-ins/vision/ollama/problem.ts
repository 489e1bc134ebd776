import { BadBase64 } from '../base64-images.ts';
import { Refusal, type RefusalCause } from '../engine/refusal.ts';
import type { ErrorReply } from '../inference-handler.ts';

/** A request that the wire refuses before the engine sees it. */
export class WireProblem extends Error {
  override readonly name = 'WireProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const RUNNER_STOPPED =
  'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, ' +
  'check ollama server logs for details';

const BUSY = 'server busy, please try again.  maximum pending requests exceeded';

/** What the real server says with a status, when the script gives no words. */
const USUAL_ERRORS: Readonly<Record<number, string>> = { 499: 'request canceled', 500: RUNNER_STOPPED, 503: BUSY };

/** In Ollama's words: whatever was thrown before the first byte. */
export function errorReply(error: unknown): ErrorReply | undefined {
  if (error instanceof WireProblem) return reply(error.status, error.message);
  // also for data URIs, which this wire does not take
  if (error instanceof BadBase64) return reply(400, `illegal base64 data at input byte ${error.position}`);
  if (error instanceof SyntaxError) return reply(400, badJson(error));
  return error instanceof Refusal ? refusalReply(error.cause) : undefined;
}

function refusalReply(cause: RefusalCause): ErrorReply {
  switch (cause.kind) {
    case 'model-missing':
      return reply(404, `model '${cause.model}' not found`);
    case 'vision-unsupported':
      return nested(500, 'server_error', {
        message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
      });
    case 'bad-image':
      return nested(400, 'invalid_request_error', { message: 'Failed to load image or audio file' });
    case 'bad-schema':
      return nested(400, 'invalid_request_error', { message: cause.reason });
    case 'context-exceeded': {
      const { promptTokens, contextTokens } = cause;
      const message = `request (${promptTokens} tokens) exceeds the available context size (${contextTokens} tokens), try increasing it`;
      return nested(400, 'exceed_context_size_error', { message, n_prompt_tokens: promptTokens, n_ctx: contextTokens });
    }
    case 'busy':
      return reply(503, BUSY);
    case 'scripted':
      return { ...reply(cause.status, cause.error ?? USUAL_ERRORS[cause.status]), headers: cause.headers };
  }
}

/** Errors of the inner llama-server come as JSON inside the `error` string. */
function nested(status: number, type: string, fields: Readonly<Record<string, unknown>>): ErrorReply {
  return reply(status, JSON.stringify({ error: { code: status, ...fields, type } }));
}

function reply(status: number, error: string | undefined): ErrorReply {
  return { status, body: error === undefined ? undefined : { error } };
}

/** What Go says of a body that is no JSON, from what Node says of it. */
function badJson({ message }: SyntaxError): string {
  if (message.includes('end of JSON')) return 'unexpected EOF';
  return `invalid character ${/Unexpected token ('.')/u.exec(message)?.[1] ?? ''} looking for beginning of value`;
}
