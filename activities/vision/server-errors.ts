import type { HttpAnswer, HttpFailure, HttpFailureKind } from '../shared/http.ts';
import { parseRetryAfter } from '../shared/retry-delay.ts';
import { VisionError, type VisionErrorKind, type VisionErrorScope } from './provider.ts';

/** What the errors of all servers have in common: how they are told, and what their words mean. */

const maxMessageCharacters = 500;

export const visionError = (
  kind: VisionErrorKind,
  scope: VisionErrorScope,
  message: string,
  details: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
) => new VisionError(message.slice(0, maxMessageCharacters), { kind, scope, ...details });

/** Refused or unresolved: the server is gone; broken in the middle: only this call is. */
const network: Record<HttpFailureKind, readonly [VisionErrorKind, VisionErrorScope]> = {
  connect: ['network', 'host'],
  broken: ['network', 'attempt'],
  timeout: ['timeout', 'attempt'],
  cancelled: ['cancelled', 'attempt'],
  'too-large': ['protocol', 'attempt'],
};

/** A call without a whole answer. */
export function ofHttpFailure(failure: HttpFailure): VisionError {
  const [kind, scope] = network[failure.kind];
  return visionError(kind, scope, failure.message, { cause: failure });
}

/** An answer with an error status. */
export interface StatusAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/**
 * What the statuses that all servers use alike mean. What is refused (4xx) never succeeds, unless it tells of a mishap of
 * the server; some servers say with a 500 that they refuse.
 */
export function ofCommonStatus({ status, body, retryAfter }: StatusAnswer): VisionError {
  const door = ofDoor(status);
  if (door) return door;
  const message = messageOf({ status, body });
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now());
  const details = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (isBusy(status) || queueFull.test(message)) return visionError('overloaded', 'attempt', message, details);
  // a gateway's patience
  if (status === 504 || status === 408) return visionError('timeout', 'attempt', message, { status });
  const refusal = refusalIn(message);
  if (mishap.test(message)) return visionError('runner-died', 'attempt', message, details);
  if (isRefusal(status)) return visionError(refusal ?? 'not-supported', 'analysis', message, details);
  return refusal === undefined
    ? visionError('runner-died', 'attempt', message, details)
    : visionError(refusal, 'analysis', message, details);
}

/** The server's words, or at least its status. A gateway's page is for a browser. */
export const messageOf = ({ status, body }: Pick<StatusAnswer, 'status' | 'body'>): string =>
  isMarkup(body) ? `a gateway answered ${status} with a web page` : unwrap(body) || `the server answered ${status}`;

const isMarkup = (body: string) => body.trimStart().startsWith('<');

/** Something else than a vision server answers at the address. */
export const notThisServer = (expected: string, got: string, cause?: unknown) =>
  visionError(
    'protocol',
    'host',
    `GF25_VISION_URL answers with ${got} and not as ${expected} does: a login page or a proxy? Set the server's own address`,
    { cause },
  );

/** @throws {VisionError} not JSON: it is not that server which answers */
export function jsonFrom(expected: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notThisServer(expected, isMarkup(text) ? 'a web page' : 'no JSON', error);
  }
}

/** @throws {VisionError} a browser would show it */
export function refuseWebPage(expected: string, { headers }: Pick<HttpAnswer, 'headers'>): void {
  if (/\bhtml\b/i.test(headers['content-type']?.toString() ?? '')) throw notThisServer(expected, 'a web page');
}

/** A door before the server. Undefined: it is none. */
function ofDoor(status: number): VisionError | undefined {
  const because = (advice: string) =>
    visionError('protocol', 'host', `GF25_VISION_URL answers ${status}: ${advice}`, { status });
  if (status === 401 || status === 407) return because('it wants a key: set or mend GF25_VISION_API_KEY');
  if (status >= 300 && status < 400) return because("it leads elsewhere: set the vision server's own address");
  if (status === 405) return because('nothing is taken there: is it the address of a vision server?');
  return undefined;
}

/** 529 is no standard, but several servers' "overloaded". */
const isBusy = (status: number) => status === 503 || status === 429 || status === 529;

/** Of the moment, and not of the call: a conflict, too early, and a call that was closed. */
const passing = [409, 425, 499];
const isRefusal = (status: number) => status >= 400 && status < 500 && !passing.includes(status);

/** Ollama's words for its 503, of which others make a stream or a 500. */
const queueFull = /server (is )?busy|maximum pending requests|\boverloaded/i;

/** An error that came in a stream that had begun well. */
export function ofErrorInStream(text: string, cause?: unknown): VisionError {
  const message = unwrap(text);
  if (queueFull.test(message)) return visionError('overloaded', 'attempt', message, { cause });
  const refusal = refusalIn(message);
  return refusal === undefined
    ? visionError('runner-died', 'attempt', message, { cause })
    : visionError(refusal, 'analysis', message, { cause });
}

/** Words of Ollama, llama-server, vLLM and SGLang, for what the same input meets each time. */
const refusals: readonly (readonly [VisionErrorKind, RegExp])[] = [
  ['context-exceeded', /exceed_context_size|context size|context length|maximum (input|model) length|longer than the/i],
  ['not-supported', /image input is not supported|not a multimodal model|does not support (image|vision|multimodal)/i],
  ['bad-image', /(load|decode|open|identify|parse|read|process) (the )?image|invalid image|image file/i],
];

/** What happens to the server, whatever else its words are about: the same input may do the next time. */
const mishap = new RegExp(
  [
    /out[ _]?of[ _]?(\w+[ _])?(\w{1,12})?memory|\bOOM\b|(insufficient|not enough|more system) memory|bad_alloc/,
    /(failed|unable) to (allocate|alloc\b)|cannot allocate|alloc(ation)? failed|(failed to find|no) (a )?kv\b.{0,20}\bslot/,
    /(cuda|hip|rocm|cublas)\w* error|\bterminated|\bkilled\b|\bsignal: |crashed|unexpectedly stopped/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

const refusalIn = (message: string) =>
  mishap.test(message) ? undefined : refusals.find(([, words]) => words.test(message))?.[0];

/** `{"error": TEXT}`, where TEXT may be JSON of an inner server; `{"error": {message, type}}`; `{message}` or `{detail}`. */
export function unwrap(text: string): string {
  const parsed = objectIn(text);
  if (parsed === undefined) return text;
  const { error = parsed } = parsed;
  if (typeof error === 'string') return unwrap(error);
  if (typeof error !== 'object' || error === null) return text;
  const { message, detail, type } = error as Readonly<Record<string, unknown>>;
  const words = message ?? detail;
  if (typeof words !== 'string') return text;
  return typeof type === 'string' ? `${type}: ${words}` : words;
}

/** Undefined for what is no JSON, or no object. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // not JSON: the text is the message
    return undefined;
  }
}
