import { performance } from 'node:perf_hooks';
import { Failure } from '../shared/failure.ts';
import { type Http, type HttpAnswer, HttpFailure } from '../shared/http.ts';
import { parseRetryAfter } from '../shared/retry-delay.ts';
import type { Guard } from './guard.ts';
import { DiskFault, type Sink } from './sink.ts';

export interface DownloadOptions {
  /** From the first connect to the last byte, redirects included. */
  readonly totalTimeoutMs: number;
  /** From each request to the head of its answer. */
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxBytes: number;
}

const maxRedirects = 3;
/** A host that asks for more is asked again by then all the same. */
const maxRetryAfterMs = 60_000;

/**
 * Downloads an untrusted image, counting bytes on the way.
 *
 * @throws {Failure} `ImageMissing`, `ImageUnreachable`, `ImageInvalid` (too large, compressed) or `ImageAddressRefused`
 * @throws {DiskFault} what the sink throws
 */
export type Download = (url: string, sink: Sink, signal: AbortSignal) => Promise<void>;

export function createDownload(http: Http, guard: Guard, options: DownloadOptions): Download {
  return async (text, sink, signal) => {
    const untilMs = performance.now() + options.totalTimeoutMs;
    let url = guard.checkUrl(text);
    for (let redirects = 0; ; redirects += 1) {
      const totalTimeoutMs = Math.max(1, Math.ceil(untilMs - performance.now()));
      const next = await get(http, url, sink, signal, { ...options, totalTimeoutMs });
      if (next === undefined) return;
      if (redirects === maxRedirects) throw new Failure('ImageMissing', `more than ${maxRedirects} redirects`);
      url = guard.checkUrl(next, url);
    }
  };
}

/** Resolves to where the answer redirects, or to undefined once the whole body is written. */
async function get(
  http: Http,
  url: URL,
  sink: Sink,
  signal: AbortSignal,
  { maxBytes, ...times }: DownloadOptions,
): Promise<string | undefined> {
  const headers = { accept: 'image/jpeg,image/png,image/webp', 'accept-encoding': 'identity', 'user-agent': 'gf25' };
  try {
    return await http.stream({ method: 'GET', url: url.href, headers, ...times, signal }, async (answer, body) => {
      const redirect = redirectOf(answer);
      if (redirect !== undefined) return redirect;
      checkStatus(answer);
      checkEncoding(answer);
      for await (const piece of countBytes(body, expectedBytes(answer), maxBytes)) await sink.write(piece);
      return undefined;
    });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    if (error.cause instanceof Failure || error.cause instanceof DiskFault) throw error.cause;
    if (error.kind === 'cancelled') throw error;
    throw new Failure('ImageUnreachable', error.message, { cause: error });
  }
}

function redirectOf({ status, headers }: HttpAnswer): string | undefined {
  const { location } = headers;
  return [301, 302, 303, 307, 308].includes(status) && typeof location === 'string' ? location : undefined;
}

function checkStatus({ status, headers }: HttpAnswer): void {
  if (status === 200) return;
  const message = `the image host answered ${status}`;
  // 401: somebody before the images does not know us yet, or any more; the same image may be had later
  if (![401, 408, 429].includes(status) && status < 500) throw new Failure('ImageMissing', message);
  const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now());
  throw new Failure('ImageUnreachable', message, {
    ...(retryAfterMs !== undefined && { retryDelayMs: Math.min(retryAfterMs, maxRetryAfterMs) }),
  });
}

/** Unpacking is how a small answer becomes a large one; nobody asked for it. */
function checkEncoding({ headers }: HttpAnswer): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === '' || String(encoding).toLowerCase() === 'identity') return;
  throw new Failure(
    'ImageInvalid',
    `the file came compressed (${String(encoding).slice(0, 40)}) though identity was asked`,
  );
}

function expectedBytes({ headers }: HttpAnswer): number | undefined {
  const text = headers['content-length'];
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function* countBytes(
  body: AsyncIterable<Buffer>,
  expected: number | undefined,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  const tooLarge = () => new Failure('ImageInvalid', `the file is above ${maxBytes} bytes`);
  if (expected !== undefined && expected > maxBytes) throw tooLarge();
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) throw tooLarge();
    yield piece;
  }
  if (expected !== undefined && sizeBytes < expected)
    throw new Failure('ImageUnreachable', `the file was cut off at ${sizeBytes} of ${expected} bytes`);
}
