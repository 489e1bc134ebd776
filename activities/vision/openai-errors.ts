import { HttpFailure, type HttpFailureKind } from '../shared/http.ts';
import { VisionError, type VisionErrorKind, type VisionErrorScope } from './provider.ts';
import { messageOf, ofCommonStatus, ofErrorInStream, type StatusAnswer, visionError } from './server-errors.ts';

/** Refused or unresolved: the server is gone; broken in the middle: only this call is. */
const network: Record<HttpFailureKind, readonly [VisionErrorKind, VisionErrorScope]> = {
  connect: ['network', 'host'],
  broken: ['network', 'attempt'],
  timeout: ['timeout', 'attempt'],
  cancelled: ['cancelled', 'attempt'],
  'too-large': ['protocol', 'attempt'],
};

/** What went wrong in a call. */
export function classify(error: unknown): VisionError {
  if (error instanceof VisionError) return error;
  if (error instanceof HttpFailure) {
    const [kind, scope] = network[error.kind];
    return visionError(kind, scope, error.message, { cause: error });
  }
  return visionError('protocol', 'attempt', error instanceof Error ? error.message : String(error), { cause: error });
}

/** @param model the one that was asked for, if any: a 404 may mean it or the address */
export function ofStatus(answer: StatusAnswer, model: string | undefined): VisionError {
  const { status } = answer;
  const message = messageOf(answer);
  if (status === 401 || status === 403)
    return visionError('protocol', 'host', `the server refuses the key (${status}): mend GF25_VISION_API_KEY`, {
      status,
    });
  if (status === 408 || status === 504) return visionError('timeout', 'attempt', message, { status });
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
