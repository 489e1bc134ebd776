import { ReadableStream } from 'node:stream/web';
import type { Http, HttpCall } from '../shared/http.ts';
import { placeOfImage, putImage } from './image-in-body.ts';
import { jsonLines } from './json-lines.ts';
import { ofStatus } from './ollama-errors.ts';
import { jsonFrom, refuseWebPage } from './server-errors.ts';
import { textOf } from './text-of.ts';
import { untilOver } from './until-over.ts';

/** What the npm client asks of a `fetch`. */
interface ClientCall {
  readonly method?: HttpCall['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a call is about, beyond what the npm client says of it. */
export interface CallContext {
  readonly model?: string;
  /** The call is streamed. */
  readonly stream?: {
    readonly image: Buffer;
    readonly maxLineBytes: number;
  };
}

type OllamaFetch = (url: string, call: ClientCall) => Promise<Response>;

/**
 * The `fetch` of the npm client: ours, since the client can abort neither a call without streaming nor a stream before its
 * first byte, and prints to the console what it cannot read. Answers that are not Ollama's never reach it.
 */
export const createOllamaFetch =
  (http: Http, { model, stream }: CallContext, signal: AbortSignal): OllamaFetch =>
  async (url, { method = 'GET', headers, body }) => {
    const whole = stream && body !== undefined ? putImage(body, stream.image, placeOfImage.ollama) : body;
    const answer = await http.open({ method, url, headers, ...(whole !== undefined && { body: whole }) }, signal);
    const { status } = answer;
    if (status < 200 || status > 299) {
      const retryAfter = answer.headers['retry-after']?.toString();
      throw ofStatus({ status, body: await textOf(answer.body), retryAfter }, model);
    }
    refuseWebPage('Ollama', answer);
    return new Response(
      stream ? ReadableStream.from(linesOf(answer.body, stream.maxLineBytes)) : await jsonIn(answer.body),
    );
  };

/** To the line that says that it is the last one. The client reads no further, so the end of the stream is met before. */
async function* linesOf(body: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<Buffer> {
  let isOver = false;
  const pieces = untilOver(body, () => isOver);
  for await (const { bytes, value } of jsonLines(pieces, maxLineBytes)) {
    isOver = 'done' in value && value.done === true;
    if (isOver) while ((await pieces.next()).done !== true);
    yield bytes;
    if (isOver) return;
  }
}

async function jsonIn(body: AsyncIterable<Buffer>): Promise<string> {
  const text = await textOf(body);
  jsonFrom('Ollama', text);
  return text;
}
