import type { Sharp } from 'sharp';

import { VisionError } from '../provider.ts';

export interface RgbPicture {
  /** Three bytes per pixel, sRGB, row by row. */
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Runs a pipeline off the event loop; a greyscale JPEG gets three channels too.
 *
 * @throws {VisionError} kind `bad-image`, scope `analysis`
 */
export async function decodeRgb(pipeline: Sharp): Promise<RgbPicture> {
  try {
    const raw = pipeline.toColourspace('srgb').removeAlpha().raw();
    const { data, info } = await raw.toBuffer({ resolveWithObject: true });
    return { rgb: data, width: info.width, height: info.height };
  } catch (cause) {
    throw new VisionError('embedded: the image could not be decoded', { kind: 'bad-image', scope: 'analysis', cause });
  }
}
