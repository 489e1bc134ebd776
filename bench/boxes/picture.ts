import sharp from 'sharp';
import type { Edges, Size } from './notations.ts';

/** Grey on grey and nothing near black or white: what a filter overshoots is not cut off, and edges stay measurable. */
export const ground = 64;
export const mark = 192;

/** Where a point of the upright picture lies in the file, by the definition of the EXIF orientations. */
const stored: Readonly<Record<number, (x: number, y: number, size: Size) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y, { width }) => [width - x, y],
  3: (x, y, { width, height }) => [width - x, height - y],
  4: (x, y, { height }) => [x, height - y],
  5: (x, y) => [y, x],
  6: (x, y, { width }) => [y, width - x],
  7: (x, y, { width, height }) => [height - y, width - x],
  8: (x, y, { height }) => [height - y, x],
};

export const orientations = Object.keys(stored).map(Number);

/**
 * A picture file that is upright once its EXIF orientation is applied.
 *
 * @param size upright
 * @param marks bright rectangles, in whole pixels of the upright picture
 */
export async function drawPicture(
  size: Size,
  marks: readonly Edges[],
  orientation: number,
  format: Format,
): Promise<Buffer> {
  const place = stored[orientation];
  if (place === undefined) throw new RangeError(`no EXIF orientation ${orientation}`);
  const isTurned = orientation > 4;
  const width = isTurned ? size.height : size.width;
  const height = isTurned ? size.width : size.height;
  const pixels = Buffer.alloc(width * height, ground);
  for (const { left, top, right, bottom } of marks) {
    const [x1, y1] = place(left, top, size);
    const [x2, y2] = place(right, bottom, size);
    for (let y = Math.min(y1, y2); y < Math.max(y1, y2); y += 1)
      pixels.fill(mark, y * width + Math.min(x1, x2), y * width + Math.max(x1, x2));
  }
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } }).withMetadata({ orientation });
  return format === 'png'
    ? picture.png({ compressionLevel: 1 }).toBuffer()
    : picture[format]({ quality: 95 }).toBuffer();
}

export type Format = 'jpeg' | 'png' | 'webp';
