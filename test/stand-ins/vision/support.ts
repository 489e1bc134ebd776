import sharp from 'sharp';
import { request } from 'undici';

/** Makes pictures, calls and readings for the tests of the stand-in. */

export type Line = Record<string, unknown> & { message?: { content: string }; response?: string; error?: string };

const pictures = new Map<string, Promise<Buffer>>();

/** A small JPEG; the same name gives the same bytes, another name others. */
export async function picture(name = 'one', size = { width: 640, height: 480 }): Promise<Buffer> {
  const known = pictures.get(name);
  if (known) return known;
  const [r = 0, g = 0, b = 0] = Buffer.from(name.padEnd(3, '!'));
  const made = sharp({ create: { ...size, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer();
  pictures.set(name, made);
  return made;
}

/** The body of one question about one image. */
export function question(image: Buffer | undefined, text = 'What is in this image?', more: object = {}): object {
  const images = image ? [image.toString('base64')] : undefined;
  return { model: 'qwen2.5vl:7b', messages: [{ role: 'user', content: text, images }], ...more };
}

export async function post(
  url: string,
  body: unknown,
  options: { readonly signal?: AbortSignal } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(url, {
    method: 'POST',
    body: payload,
    headers: { 'content-type': 'application/json' },
    ...options,
  });
  return { status: statusCode, headers, text: await answer.text() };
}

/** Asks by /api/chat and returns the lines of the answer. */
export async function ask(
  url: string,
  body: object,
  options: { readonly signal?: AbortSignal } = {},
): Promise<{ status: number; lines: Line[]; text: string; last: Line }> {
  const { status, text } = await post(`${url}/api/chat`, body, options);
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  return { status, lines, text: lines.map((line) => line.message?.content ?? '').join(''), last: lines.at(-1) ?? {} };
}

export async function get(url: string): Promise<Record<string, unknown>> {
  const { body } = await request(url);
  return (await body.json()) as Record<string, unknown>;
}

/** What went wrong, to its root: undici wraps socket errors. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: unknown) => {
      const { name, code, cause } = error as Error & { code?: unknown; cause?: { code?: string } };
      return cause?.code ?? (typeof code === 'string' ? code : name);
    },
  );
}
