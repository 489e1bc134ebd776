import sharp, { type Sharp } from 'sharp';

import type { ImageForModel } from '../provider.ts';
import { decodeRgb, type RgbPicture } from './decode-rgb.ts';
import { measurePalette, type PaletteColour } from './palette.ts';
import { measureQuality, type Quality } from './quality.ts';
import type { GreyPicture } from './sharpness.ts';

export interface PixelMeasurements {
  readonly palette: readonly PaletteColour[];
  readonly quality: Quality;
}

const PALETTE_SIDE_PX = 128;
const QUALITY_SIDE_PX = 512;

/**
 * Measures palette and quality on small copies of the image; sharp makes them off the event loop, the rest holds
 * it twice for 5 to 20 ms.
 *
 * @throws {VisionError} kind `bad-image`, scope `analysis`
 */
export async function measurePixels(image: ImageForModel): Promise<PixelMeasurements> {
  // `nearest` picks pixels and mixes none: every colour of the palette is in the image.
  const palette = measurePalette((await decodeRgb(shrink(image, PALETTE_SIDE_PX, 'nearest'))).rgb);
  const quality = measureQuality(greyOf(await decodeRgb(shrink(image, QUALITY_SIDE_PX, 'lanczos3'))));
  return { palette, quality };
}

function shrink(image: ImageForModel, sidePx: number, kernel: 'nearest' | 'lanczos3'): Sharp {
  return sharp(image.bytes).resize(sidePx, sidePx, { fit: 'inside', withoutEnlargement: true, kernel });
}

/** Luma of ITU-R BT.601, what JPEG stores. */
function greyOf({ rgb, width, height }: RgbPicture): GreyPicture {
  const levels = new Uint8Array(width * height);
  for (let pixel = 0, i = 0; pixel < levels.length; pixel += 1, i += 3) {
    levels[pixel] = Math.round(0.299 * (rgb[i] ?? 0) + 0.587 * (rgb[i + 1] ?? 0) + 0.114 * (rgb[i + 2] ?? 0));
  }
  return { levels, width, height };
}
