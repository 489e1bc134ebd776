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

/** What the npm client throws when a stream ends without saying that it is done: an answer that was cut off. */
export const isIncompleteStream = (error: unknown) =>
  error instanceof Error && error.message.startsWith('Did not receive done');

/** What went wrong, from what the npm client throws: errors inside a stream are plain errors. */
export function classify(error: unknown): VisionError {
  if (error instanceof VisionError) return error;
  if (error instanceof HttpFailure) return ofHttpFailure(error);
  if (!(error instanceof Error)) return visionError('protocol', 'attempt', String(error), { cause: error });
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
