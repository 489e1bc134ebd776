import { createHash } from 'node:crypto';
import type { Image } from './engine/inference.ts';

/** Images a client has in work at one time, roughly. */
const MAX_REMEMBERED = 32;

/** A client sends the same image with every question about it; decoding and hashing it once keeps the stand-in cheap. */
const remembered = new Map<string, Image>();

/** A text that is no base64, and where that shows. */
export class BadBase64 extends Error {
  override readonly name = 'BadBase64';
  readonly position: number;

  constructor(position: number) {
    super(`no base64 at ${position}`);
    this.position = position;
  }
}

/** @throws BadBase64 */
export function decodeImage(base64: string): Image {
  const known = remembered.get(base64);
  if (known) return known;
  const bytes = decode(base64);
  const image = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  remembered.set(base64, image);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return image;
}

function decode(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  // Node skips what is not base64, so that a wrong length tells, without looking at each character of a megabyte.
  if (base64.length % 4 === 0 && bytes.length === (base64.length / 4) * 3 - padding) return bytes;
  const position = base64.search(/[^A-Za-z0-9+/]/);
  throw new BadBase64(position === -1 ? base64.length : position);
}
