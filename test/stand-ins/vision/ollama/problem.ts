import type { RefusalCause } from '../engine/refusal.ts';
import { Refusal } from '../engine/refusal.ts';

/** An HTTP error in Ollama's wire format. */
export interface ErrorReply {
  readonly status: number;
  /** Undefined sends an empty body. */
  readonly error: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A request that the wire refuses before the engine sees it. */
export class WireProblem extends Error {
  override readonly name = 'WireProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const RUNNER_STOPPED =
  'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, ' +
  'check ollama server logs for details';

const BUSY = 'server busy, please try again.  maximum pending requests exceeded';

/** What the real server says with a status, when the script gives no words. */
const USUAL_ERRORS: Readonly<Record<number, string>> = { 499: 'request canceled', 500: RUNNER_STOPPED, 503: BUSY };

/** The reply to whatever was thrown before the first byte; undefined for what nobody expects. */
export function errorReply(error: unknown): ErrorReply | undefined {
  if (error instanceof WireProblem) return { status: error.status, error: error.message };
  return error instanceof Refusal ? refusalReply(error.cause) : undefined;
}

function refusalReply(cause: RefusalCause): ErrorReply {
  switch (cause.kind) {
    case 'model-missing':
      return { status: 404, error: `model '${cause.model}' not found` };
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
      return { status: 503, error: BUSY };
    case 'scripted':
      return { status: cause.status, error: cause.error ?? USUAL_ERRORS[cause.status], headers: cause.headers };
  }
}

/** Errors of the inner llama-server come as JSON inside the `error` string. */
function nested(status: number, type: string, fields: Readonly<Record<string, unknown>>): ErrorReply {
  return { status, error: JSON.stringify({ error: { code: status, ...fields, type } }) };
}
