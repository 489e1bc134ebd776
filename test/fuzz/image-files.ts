import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A part of a file: a chunk of PNG or WebP, a segment of JPEG (with the scan behind it). */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Usable files of every kind that the product takes, small ones. */
export async function usableFiles(): Promise<readonly Buffer[]> {
  const [width, height] = [644, 484];
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = (((index / 3) % width) * 3 + Math.floor(index / 3 / width) * (index % 3)) >> 2;
  const drawn = (): Sharp => sharp(pixels, { raw: { width, height, channels: 3 } });
  const frames = await Promise.all([0, 90, 180].map((hue) => drawn().modulate({ hue }).png().toBuffer()));
  return Promise.all(
    [
      drawn().jpeg(),
      drawn().jpeg({ progressive: true }),
      drawn().withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg({ chromaSubsampling: '4:4:4' }),
      drawn().toColourspace('b-w').jpeg(),
      drawn().toColourspace('cmyk').jpeg(),
      drawn().png(),
      drawn().png({ progressive: true }),
      drawn().png({ palette: true }),
      drawn().ensureAlpha(0.5).toColourspace('rgb16').png(),
      drawn()
        .withIccProfile('p3')
        .withExif({ IFD0: { Make: 'x' } })
        .png(),
      drawn().webp(),
      drawn().webp({ lossless: true, effort: 0 }),
      drawn().ensureAlpha(0.5).withIccProfile('p3').webp(),
      sharp(frames, { join: { animated: true } }).webp({ effort: 0 }),
    ].map((picture) => picture.toBuffer()),
  );
}

const isPng = (file: Buffer) => file.readUInt8(0) === 0x89;
const isJpeg = (file: Buffer) => file.readUInt8(0) === 0xff;

/** As far as a file that may be broken already says what its parts are. */
export function partsOf(file: Buffer): Part[] {
  if (file.length < 16) return [];
  if (isPng(file)) return chunks(file, 8, (at) => 12 + file.readUInt32BE(at));
  if (isJpeg(file)) return segments(file);
  return chunks(file, 12, (at) => 8 + ((file.readUInt32LE(at + 4) + 1) & ~1));
}

function chunks(file: Buffer, first: number, lengthAt: (at: number) => number): Part[] {
  const parts: Part[] = [];
  for (let at = first; at + 8 <= file.length && parts.length < 500; at = parts.at(-1)?.end ?? file.length)
    parts.push({ start: at, end: Math.min(file.length, at + Math.max(8, lengthAt(at))) });
  return parts;
}

/** From one marker to the next. */
function segments(file: Buffer): Part[] {
  const starts: number[] = [];
  for (let at = 2; at + 1 < file.length && starts.length < 500; at += 1)
    if (file[at] === 0xff && (file[at + 1] ?? 0) >= 0xc0 && file[at + 1] !== 0xff) starts.push(at);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? file.length }));
}

/** The same file with another size in its head; the checksum of a PNG fits again. */
export function withSize(file: Buffer, width: number, height: number): Buffer {
  const edited = Buffer.from(file);
  if (edited.length < 34) return edited;
  if (isPng(edited)) {
    edited.writeUInt32BE(width, 16);
    edited.writeUInt32BE(height, 20);
    edited.writeUInt32BE(crc32(edited.subarray(12, 29)), 29);
  } else if (isJpeg(edited)) {
    const head = segments(edited).find(({ start }) => [0xc0, 0xc1, 0xc2].includes(edited[start + 1] ?? 0));
    if (head === undefined || head.start + 9 > edited.length) return edited;
    edited.writeUInt16BE(height & 0xffff, head.start + 5);
    edited.writeUInt16BE(width & 0xffff, head.start + 7);
  } else {
    const kind = edited.toString('latin1', 12, 16);
    if (kind === 'VP8X') {
      edited.writeUIntLE((width - 1) & 0xffffff, 24, 3);
      edited.writeUIntLE((height - 1) & 0xffffff, 27, 3);
    } else if (kind === 'VP8L')
      edited.writeUInt32LE((((width - 1) & 0x3fff) | (((height - 1) & 0x3fff) << 14)) >>> 0, 21);
    else {
      edited.writeUInt16LE(width & 0x3fff, 26);
      edited.writeUInt16LE(height & 0x3fff, 28);
    }
  }
  return edited;
}
