import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../shared/failure.ts';
import { type Http, type HttpAnswer, HttpFailure } from '../shared/http.ts';
import type { Guard } from './guard.ts';

export interface DownloadOptions {
  readonly totalTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxBytes: number;
}

const maxRedirects = 3;

/**
 * Downloads an untrusted image into a file, counting bytes on the way.
 *
 * @throws {Failure} `ImageMissing`, `ImageUnreachable`, `ImageInvalid` (too large, cut off) or `ImageAddressRefused`
 */
export type Download = (url: string, file: string, signal: AbortSignal) => Promise<void>;

export function createDownload(http: Http, guard: Guard, options: DownloadOptions): Download {
  return async (text, file, signal) => {
    let url = guard.checkUrl(text);
    for (let redirects = 0; ; redirects += 1) {
      const next = await get(http, url, file, signal, options);
      if (next === undefined) return;
      if (redirects === maxRedirects) throw new Failure('ImageMissing', `more than ${maxRedirects} redirects`);
      url = guard.checkUrl(next, url);
    }
  };
}

/** Resolves to where the answer redirects, or to undefined once the file is written. */
async function get(
  http: Http,
  url: URL,
  file: string,
  signal: AbortSignal,
  options: DownloadOptions,
): Promise<string | undefined> {
  const { totalTimeoutMs, idleTimeoutMs, maxBytes } = options;
  const headers = { accept: 'image/jpeg,image/png,image/webp', 'accept-encoding': 'identity', 'user-agent': 'gf25' };
  try {
    return await http.stream(
      { method: 'GET', url: url.href, headers, totalTimeoutMs, idleTimeoutMs, signal },
      async (answer, body) => {
        const redirect = redirectOf(answer);
        if (redirect !== undefined) return redirect;
        checkStatus(answer);
        await pipeline(countBytes(body, expectedBytes(answer), maxBytes), createWriteStream(file));
        return undefined;
      },
    );
  } catch (error) {
    if (error instanceof HttpFailure && error.cause instanceof Failure) throw error.cause;
    if (error instanceof HttpFailure && error.kind !== 'cancelled')
      throw new Failure('ImageUnreachable', error.message, { cause: error });
    throw error;
  }
}

function redirectOf({ status, headers }: HttpAnswer): string | undefined {
  const { location } = headers;
  return [301, 302, 303, 307, 308].includes(status) && typeof location === 'string' ? location : undefined;
}

function checkStatus({ status }: HttpAnswer): void {
  if (status === 200) return;
  if (status === 408 || status === 429 || status >= 500)
    throw new Failure('ImageUnreachable', `the image host answered ${status}`);
  // 401: somebody before the images does not know us yet, or any more; the same image may be had later
  const code = status === 401 ? 'ImageUnreachable' : 'ImageMissing';
  throw new Failure(code, `the image host answered ${status}`);
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
