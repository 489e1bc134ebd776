import { open } from 'node:fs/promises';
import { Failure } from '../shared/failure.ts';

/** A file, or its content where there is no disk to put it on. */
export type ImageSource = string | Buffer;

export const invalid = (why: string, cause?: unknown) =>
  new Failure('ImageInvalid', `the image cannot be used: ${why}`, { cause });

const headBytes = 64;
/** Room for what other programs append behind an image. */
const tailBytes = 65_536;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Tells by content and not by name (G20) what a file is, before a decoder sees it.
 *
 * @throws {Failure} `ImageInvalid`
 */
export async function sniff(source: ImageSource): Promise<void> {
  const { head, tail } = Buffer.isBuffer(source) ? endsOf(source) : await endsOfFile(source);
  const isJpeg = head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
  const isPng = head.subarray(0, 8).equals(pngSignature);
  const isWebp = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
  // its decoder is content without; those of the other two find out
  if (isPng && !tail.includes('IEND')) throw invalid('the PNG file is cut off: it has no end mark');
  if (isJpeg || isPng || isWebp) return;
  const looksLikeText = /^\s*(<!doctype|<html|<\?xml|\{|\[)/i.test(head.toString('latin1'));
  throw invalid(looksLikeText ? 'it is a text or web page, not an image' : 'it is not a JPEG, PNG or WebP image');
}

const endsOf = (bytes: Buffer) => ({ head: bytes.subarray(0, headBytes), tail: bytes.subarray(-tailBytes) });

async function endsOfFile(path: string) {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(headBytes);
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    await handle.read(head, 0, head.length, 0);
    await handle.read(tail, 0, tail.length, size - tail.length);
    return { head, tail };
  } finally {
    await handle.close();
  }
}
