import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../shared/failure.ts';

/** A file, or its content where there is no disk to put it on. */
export type ImageSource = string | Buffer;

export const invalid = (why: string, cause?: unknown) =>
  new Failure('ImageInvalid', `the image cannot be used: ${why}`, { cause });

const headBytes = 64;
const blockBytes = 1_048_576;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Tells by content and not by name (G20) what a file is, before a decoder sees it, and whether it has its end mark:
 * decoders are content with all pixels. Cameras append films and more behind it.
 *
 * @throws {Failure} `ImageInvalid`
 */
export async function sniff(source: ImageSource): Promise<void> {
  if (Buffer.isBuffer(source)) {
    const mark = endMarkOf(source.subarray(0, headBytes));
    checkEnd(mark === undefined || source.lastIndexOf(mark) >= 0);
    return;
  }
  const handle = await open(source, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const mark = endMarkOf(buffer.subarray(0, bytesRead));
    checkEnd(mark === undefined || (await contains(handle, mark)));
  } finally {
    await handle.close();
  }
}

/** Undefined for WebP, which says at the start how long it is. */
function endMarkOf(head: Buffer): Buffer | undefined {
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return Buffer.from([0xff, 0xd9]);
  if (head.subarray(0, 8).equals(pngSignature)) return Buffer.from('IEND');
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return undefined;
  const looksLikeText = /^\s*(<!doctype|<html|<\?xml|\{|\[)/i.test(head.toString('latin1'));
  throw invalid(looksLikeText ? 'it is a text or web page, not an image' : 'it is not a JPEG, PNG or WebP image');
}

function checkEnd(isEnded: boolean): void {
  if (!isEnded) throw invalid('it is cut off: it has no end mark');
}

/** From the end of the file, where it should be. */
async function contains(handle: FileHandle, mark: Buffer): Promise<boolean> {
  const { size } = await handle.stat();
  for (let end = size; end > 0; end -= blockBytes) {
    const start = Math.max(0, end - blockBytes);
    // a mark may lie across the border of two blocks
    const block = Buffer.alloc(Math.min(size, end + mark.length - 1) - start);
    await handle.read(block, 0, block.length, start);
    if (block.includes(mark)) return true;
  }
  return false;
}
