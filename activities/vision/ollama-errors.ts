import { VisionError } from './provider.ts';
import { messageOf, ofCommonStatus, ofErrorInStream, type StatusAnswer, visionError } from './server-errors.ts';

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
  return ofErrorInStream(error.message, error);
}

/**
 * What an answer with an error status means: the table of Ollama's errors, measured on its own engine.
 *
 * @param model the one that was asked for: it is named in what to do when it is missing
 */
export function ofStatus(answer: StatusAnswer, model: string | undefined): VisionError {
  const { status } = answer;
  if (status === 403) return visionError('protocol', 'host', 'the server refuses this host name (403)', { status });
  if (status !== 404) return ofCommonStatus(answer);
  const message = messageOf(answer);
  if (model === undefined || !/model/i.test(message))
    return visionError('protocol', 'host', `${message}: is there Ollama at GF25_VISION_URL?`, { status });
  const advice = `run "ollama pull ${model}" on the machine of this vision server`;
  return visionError('model-missing', 'analysis', `${message}: ${advice}`, { status });
}

function causeOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return 'no cause given';
  return 'code' in cause ? String(cause.code) : cause.message;
}
