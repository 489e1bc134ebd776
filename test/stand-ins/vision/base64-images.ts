import { createHash, randomUUID } from 'node:crypto';
import type { Image } from './engine/inference.ts';

/** Images a client has in work at one time, roughly. */
const MAX_REMEMBERED = 32;
/** Shorter ones are read as quickly as they are found. */
const MIN_IMAGE_BYTES = 16_384;
const QUOTE = '"'.charCodeAt(0);
/** No client can know it, so that none can send a word itself. */
const SECRET = randomUUID();

interface RememberedImage {
  readonly image: Image;
  readonly base64: Buffer;
}

/**
 * A client sends the same image with every question about it; decoding and hashing it once keeps the stand-in cheap. By
 * what stands for it in an abbreviated body.
 */
const remembered = new Map<string, RememberedImage>();

/** A text that is no base64, and where that shows. */
export class BadBase64 extends Error {
  override readonly name = 'BadBase64';
  readonly position: number;

  constructor(position: number) {
    super(`no base64 at ${position}`);
    this.position = position;
  }
}

/**
 * @param base64 or what an abbreviated body says instead
 * @throws BadBase64
 */
export function decodeImage(base64: string): Image {
  const known = remembered.get(base64);
  if (known) return known.image;
  const bytes = decode(base64);
  const image = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  remembered.set(`image ${image.sha256} ${SECRET}`, { image, base64: Buffer.from(base64, 'latin1') });
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return image;
}

/**
 * A JSON body in which a word stands for each image that is known: making texts of half a megabyte is dear. An image is an
 * item of a list, or a `data:` URL; other texts stay.
 */
export function abbreviated(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let quote = body.indexOf(QUOTE); quote !== -1;) {
    const next = body.indexOf(QUOTE, quote + 1);
    const start = next - quote > MIN_IMAGE_BYTES ? startOfImage(body, quote) : undefined;
    const word = start === undefined ? undefined : wordFor(body.subarray(start, next));
    if (start !== undefined && word !== undefined) {
      parts.push(body.subarray(from, start), Buffer.from(word));
      from = next;
    }
    quote = next;
  }
  return from === 0 ? body : Buffer.concat([...parts, body.subarray(from)]);
}

/** Where the base64 of a text begins, if the text may be an image. */
function startOfImage(body: Buffer, quote: number): number | undefined {
  const [, before] = /(\S)\s*$/.exec(body.toString('latin1', Math.max(0, quote - 100), quote)) ?? [];
  if (before === '[' || before === ',') return quote + 1;
  const [prefix] = /^data:[^,]*,/.exec(body.toString('latin1', quote + 1, quote + 101)) ?? [];
  return prefix === undefined ? undefined : quote + 1 + prefix.length;
}

function wordFor(text: Buffer): string | undefined {
  const [word, image] = [...remembered].find(([, { base64 }]) => base64.equals(text)) ?? [];
  if (word === undefined || image === undefined) return undefined;
  // the newest again, so that it is still there when the body is read
  remembered.delete(word);
  remembered.set(word, image);
  return word;
}

function decode(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  // Node skips what is not base64, so that a wrong length tells, without looking at each character of a megabyte. What it
  // takes besides is the alphabet for URLs.
  const isWhole = base64.length % 4 === 0 && bytes.length === (base64.length / 4) * 3 - padding;
  if (isWhole && !base64.includes('-') && !base64.includes('_')) return bytes;
  const position = base64.search(/[^A-Za-z0-9+/]/);
  throw new BadBase64(position === -1 ? base64.length : position);
}
