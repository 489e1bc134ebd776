import { parseRetryAfter } from '../shared/retry-delay.ts';
import { VisionError, type VisionErrorKind, type VisionErrorScope } from './provider.ts';

/** What the npm client throws when a stream ends without saying that it is done: an answer that was cut off. */
export const isIncompleteStream = (error: unknown) =>
  error instanceof Error && error.message.startsWith('Did not receive done');

/**
 * What went wrong, from what the npm client throws: errors inside a stream are plain errors, network failures come as
 * `TypeError` with a cause.
 */
export function classify(error: unknown): VisionError {
  if (error instanceof VisionError) return error;
  if (!(error instanceof Error)) return visionError('protocol', 'attempt', String(error), { cause: error });
  if (error.cause instanceof VisionError) return error.cause;
  if (error instanceof TypeError) {
    // refused or unresolved: the server is gone; broken in the middle: only this call is
    const scope = error.message === 'fetch failed' ? 'host' : 'attempt';
    return visionError('network', scope, `${error.message}: ${causeOf(error)}`, { cause: error });
  }
  // a line {"error": ...} in a stream that began with status 200
  return visionError('runner-died', 'attempt', unwrap(error.message), { cause: error });
}

/** What an answer with an error status means: the table of Ollama's errors, measured on its own engine. */
export function ofStatus(status: number, body: string, retryAfter: string | null): VisionError {
  const message = unwrap(body);
  const retryAfterMs = parseRetryAfter(retryAfter ?? undefined, Date.now());
  const details = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (status === 404)
    return visionError('model-missing', 'analysis', `${message}: ollama pull it on this host`, details);
  if (status === 403) return visionError('protocol', 'host', 'the server refuses this host name (403)', details);
  if (status === 400) return visionError(kindOf400(message), 'analysis', message, details);
  if (status === 503 || status === 429) return visionError('overloaded', 'attempt', message, details);
  return visionError('runner-died', 'attempt', message, details);
}

function kindOf400(message: string): VisionErrorKind {
  if (/exceed_context_size|context size/i.test(message)) return 'context-exceeded';
  return /load image|decode image/i.test(message) ? 'bad-image' : 'not-supported';
}

const visionError = (
  kind: VisionErrorKind,
  scope: VisionErrorScope,
  message: string,
  details: { status?: number; retryAfterMs?: number; cause?: unknown },
) => new VisionError(message.slice(0, 500), { kind, scope, ...details });

/** `{"error": TEXT}`, where TEXT may be JSON of llama-server once more. */
function unwrap(text: string): string {
  const error = propertyOf(text, 'error');
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const type = 'type' in error ? `${String(error.type)}: ` : '';
    return `${type}${String(error.message)}`;
  }
  return typeof error === 'string' ? unwrap(error) : text;
}

function propertyOf(text: string, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[name] : undefined;
  } catch {
    // not JSON: the text is the message
    return undefined;
  }
}

function causeOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return 'no cause given';
  return 'code' in cause ? String(cause.code) : cause.message;
}
