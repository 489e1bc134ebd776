import sharp from 'sharp';
import type { ImageForModel } from '../vision/provider.ts';

/** What the rules know of the pixels: measured once per image, small, so that the rules stay pure and quick. */
export interface ImageFacts {
  /** Absent where the image could not be decoded: the rules that need it are silent. */
  readonly pixels?: PixelFacts;
}

export interface PixelFacts {
  /** sRGB, three bytes per pixel, row by row. Every colour of it is in the image: pixels are picked, not mixed. */
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const sidePixels = 128;
const known = new WeakMap<ImageForModel, Promise<ImageFacts>>();

/** Measures an image, once for as long as it is held. Never rejects: QA must not fail where a picture is odd. */
export function imageFacts(image: ImageForModel): Promise<ImageFacts> {
  const facts = known.get(image) ?? measure(image).catch(() => ({}));
  known.set(image, facts);
  return facts;
}

async function measure({ bytes }: ImageForModel): Promise<ImageFacts> {
  const { data, info } = await sharp(bytes)
    .resize(sidePixels, sidePixels, { fit: 'inside', withoutEnlargement: true, kernel: 'nearest' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: { rgb: data, width: info.width, height: info.height } };
}
