import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type CanonicalImage, type Canon, normalise } from '../../../activities/images/normalise.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** As `config/gf25.yaml` ships it. */
export const canon: Canon = { gridPixels: 28, minPixels: 802_816, maxPixels: 2_097_152 };

export const white = { r: 255, g: 255, b: 255 };

/** A picture of one colour. */
export const plain = (width = 640, height = 480, background: string | Pixel = '#336699'): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });

/** White, with the left upper quarter in red. */
export const marked = (width = 640, height = 480): Sharp =>
  plain(width, height, white).composite([
    {
      input: { create: { width: width / 2, height: height / 2, channels: 3, background: '#ff0000' } },
      top: 0,
      left: 0,
    },
  ]);

/** Noise, which does not compress: every part of the file counts. */
export const noise = (width = 640, height = 480): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: white, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  });

/** Writes a file without a telling name and normalises it. */
export async function normalised(content: Buffer | Sharp, by: Canon = canon): Promise<CanonicalImage> {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, Buffer.isBuffer(content) ? content : await content.toBuffer());
  return normalise(file, by);
}

export interface Pixel {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** A pixel of an encoded image; the place as shares 0..1 of its sides. */
export async function pixelAt(bytes: Buffer, x: number, y: number): Promise<Pixel> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const start = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
  return { r: data[start] ?? -1, g: data[start + 1] ?? -1, b: data[start + 2] ?? -1 };
}

/** As far as an encoder and a resize may move a colour. */
export const isNear = (a: Pixel, b: Pixel, by = 12): boolean =>
  Math.max(Math.abs(a.r - b.r), Math.abs(a.g - b.g), Math.abs(a.b - b.b)) <= by;
