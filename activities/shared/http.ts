import type { LookupFunction } from 'node:net';
import { Agent, errors, request } from 'undici';
import { orAborted } from './single-flight.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface HttpRequest extends HttpCall {
  /** The whole call, from connect to the last byte. */
  readonly totalTimeoutMs: number;
  /** From the start of the call to the head of the answer; default: the whole call. */
  readonly headersTimeoutMs?: number;
  /** The longest silence between two pieces of the body; default: the whole call. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HttpOptions {
  readonly connectTimeoutMs: number;
  /** Connections per origin: as many as calls may be under way, or waiting for one would eat into their time. */
  readonly connections: number;
  /** Decides which addresses a name may resolve to; see `images/guard.ts`. */
  readonly lookup?: LookupFunction;
}

export type HttpFailureKind = 'connect' | 'timeout' | 'cancelled' | 'broken' | 'too-large';

/** A call that got no whole answer. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly kind: HttpFailureKind;
  /** False only when it is certain that the request never left this machine. */
  readonly mayHaveArrived: boolean;
  constructor(kind: HttpFailureKind, message: string, mayHaveArrived: boolean, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** The one way out of this program. One attempt per call: retries are Temporal's. Redirects are not followed. */
export interface Http {
  /** @throws {HttpFailure} when there is no whole answer, or one above `maxBytes` */
  send(call: HttpRequest, maxBytes?: number): Promise<HttpAnswer & { readonly body: Buffer }>;
  /**
   * Hands the body over piece by piece.
   *
   * @throws {HttpFailure} as above; what `consume` throws goes through
   */
  stream<T>(call: HttpRequest, consume: (answer: HttpAnswer, body: AsyncIterable<Buffer>) => Promise<T>): Promise<T>;
  /**
   * For libraries that want a `fetch`: until the signal ends it, the body is theirs. (Undici's own `fetch` copies what it
   * sends three times, which costs more than all else of a call with an image.)
   *
   * @throws {HttpFailure} and so does the body
   */
  open(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer & { readonly body: AsyncIterable<Buffer> }>;
  close(): Promise<void>;
}

const defaultMaxBytes = 8 * 1024 * 1024;

export function createHttp({ connectTimeoutMs, connections, lookup }: HttpOptions): Http {
  const dispatcher = new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs, ...(lookup && { lookup }) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const start = ({ method, url, headers, body }: HttpCall, signal: AbortSignal) => {
    const options = { method, headers: { ...headers }, ...(body !== undefined && { body }), dispatcher, signal };
    // undici looks at the signal of a call that waits for a connection only once it has one
    return orAborted(request(url, options), signal);
  };

  const open: Http['open'] = async (call, signal) => {
    try {
      const { statusCode: status, headers, body } = await start(call, signal);
      return { status, headers, body: explained(body) };
    } catch (error) {
      throw asHttpFailure(error);
    }
  };

  const stream: Http['stream'] = async (call, consume) => {
    // not AbortSignal.any with AbortSignal.timeout: on Node 20 that timeout is lost after a garbage collection
    const deadline = startDeadline(call);
    try {
      const answer = await start(call, deadline.signal);
      deadline.answered();
      try {
        return await consume({ status: answer.statusCode, headers: answer.headers }, deadline.watch(answer.body));
      } finally {
        // a body that nobody reads keeps its connection from all others
        if (!answer.body.readableEnded) answer.body.on('error', () => undefined).destroy();
      }
    } catch (error) {
      throw deadline.explain(error);
    } finally {
      deadline.stop();
    }
  };

  const send: Http['send'] = (call, maxBytes = defaultMaxBytes) =>
    stream(call, async (answer, body) => ({ ...answer, body: await collect(body, maxBytes) }));

  return { send, stream, open, close: () => dispatcher.destroy() };
}

async function* explained(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw asHttpFailure(error);
  }
}

async function collect(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) throw new HttpFailure('too-large', `the answer is above ${maxBytes} bytes`, true);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function startDeadline({ totalTimeoutMs, headersTimeoutMs, idleTimeoutMs = totalTimeoutMs, signal }: HttpRequest) {
  const controller = new AbortController();
  let timedOutAfter: string | undefined;
  const expire = (what: string) => () => {
    timedOutAfter = what;
    controller.abort();
  };
  const abort = () => controller.abort();
  const total = setTimeout(expire(`${totalTimeoutMs} ms`), totalTimeoutMs);
  // first for the head, then for each piece of the body
  let idle: NodeJS.Timeout | undefined;
  if (headersTimeoutMs !== undefined)
    idle = setTimeout(expire(`${headersTimeoutMs} ms without a head`), headersTimeoutMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });

  return {
    signal: controller.signal,
    answered: () => clearTimeout(idle),
    async *watch(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      const restart = () => {
        clearTimeout(idle);
        idle = setTimeout(expire(`${idleTimeoutMs} ms of silence`), idleTimeoutMs);
      };
      restart();
      for await (const piece of body) {
        restart();
        yield piece;
      }
    },
    explain(error: unknown): unknown {
      if (timedOutAfter !== undefined)
        return new HttpFailure('timeout', `no whole answer after ${timedOutAfter}`, true, error);
      if (signal?.aborted) return new HttpFailure('cancelled', 'the call was cancelled', true, error);
      return asHttpFailure(error);
    },
    stop() {
      clearTimeout(total);
      clearTimeout(idle);
      signal?.removeEventListener('abort', abort);
    },
  };
}

/** Errors of the connection before anything was sent; everything else may have reached the other side. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Network errors of undici and Node become an HttpFailure; anything else goes through. */
function asHttpFailure(error: unknown): unknown {
  if (error instanceof HttpFailure || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code !== undefined && neverSent.has(code))
    return new HttpFailure('connect', `no connection: ${code}`, false, error);
  // whatever undici's types say, its parser error is none of its other errors
  const isOfUndici = error instanceof errors.UndiciError || error.name === 'HTTPParserError';
  if (isOfUndici || code !== undefined)
    return new HttpFailure('broken', `the connection broke: ${code ?? error.message}`, true, error);
  return error;
}

/** With several addresses Node reports an AggregateError, whose parts carry the codes. */
function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    if (first instanceof Error) return codeOf(first);
  }
  return error.cause instanceof Error ? codeOf(error.cause) : undefined;
}
