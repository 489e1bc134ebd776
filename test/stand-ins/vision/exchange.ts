import { isAscii } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { abbreviated } from './base64-images.ts';
import { nowMs } from './clock.ts';

/** One HTTP request and its answer. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Aborts when the connection closes before the answer is complete, whoever closed it. */
  readonly signal: AbortSignal;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.method = request.method ?? 'GET';
    // Not by URL, which throws at paths such as `//`.
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    this.path = path;
    this.query = new URLSearchParams(query);
    const gone = new AbortController();
    this.signal = gone.signal;
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
  }

  get hostHeader(): string {
    return this.#request.headers.host ?? '';
  }

  get hasBegun(): boolean {
    return this.#response.headersSent;
  }

  /** The client left, perhaps while it was still sending. */
  get isAbandoned(): boolean {
    return this.signal.aborted || (this.#request.destroyed && !this.#request.complete);
  }

  /**
   * The body, undefined when there is none, and when its last byte came.
   *
   * @throws SyntaxError when it is no JSON
   */
  async jsonBody(): Promise<{ value: unknown; readAtMs: number }> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#request) chunks.push(chunk as Buffer);
    const readAtMs = nowMs();
    const text = joined(chunks);
    return { value: text === '' ? undefined : (JSON.parse(text) as unknown), readAtMs };
  }

  json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.#whole(status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8', ...headers });
  }

  text(status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
    this.#whole(status, text, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  }

  /** A part of a streamed answer; the headers go out with the first. */
  write(bytes: Buffer, contentType: string): void {
    if (!this.hasBegun) this.#response.writeHead(200, { 'content-type': contentType });
    this.#response.write(bytes);
  }

  end(): void {
    this.#response.end();
  }

  /** Tears the connection with a TCP reset. */
  reset(): void {
    this.#request.socket.resetAndDestroy();
  }

  #whole(status: number, text: string, headers: Readonly<Record<string, string>>): void {
    this.#response.writeHead(status, { 'content-length': Buffer.byteLength(text), ...headers });
    this.#response.end(this.method === 'HEAD' ? undefined : text);
  }
}

let scratch = Buffer.alloc(0);

/** Bodies carry images: joining them in one buffer that is used again spares the garbage collector a megabyte a call. */
function joined(chunks: readonly Buffer[]): string {
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (sizeBytes > scratch.length) scratch = Buffer.allocUnsafeSlow(2 * sizeBytes);
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(scratch, at);
  const body = abbreviated(scratch.subarray(0, at));
  // half a megabyte of base64 is decoded ten times as fast as what it is, ASCII
  return body.toString(isAscii(body) ? 'latin1' : 'utf8');
}
