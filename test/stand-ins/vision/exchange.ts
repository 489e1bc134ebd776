import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowMs } from './clock.ts';

/** One HTTP request and its answer. */
export class Exchange {
  readonly method: string;
  readonly url: URL;
  /** Aborts when the connection closes before the answer is complete, whoever closed it. */
  readonly signal: AbortSignal;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.method = request.method ?? 'GET';
    this.url = new URL(request.url ?? '/', 'http://stand-in');
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

  /** The whole body, and when its last byte came. */
  async body(): Promise<{ bytes: Buffer; readAtMs: number }> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#request) chunks.push(chunk as Buffer);
    return { readAtMs: nowMs(), bytes: Buffer.concat(chunks) };
  }

  /** Undefined when there is no body. @throws SyntaxError */
  async jsonBody(): Promise<{ value: unknown; readAtMs: number }> {
    const { bytes, readAtMs } = await this.body();
    return { value: bytes.length === 0 ? undefined : (JSON.parse(bytes.toString()) as unknown), readAtMs };
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
