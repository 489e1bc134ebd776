import sharp from 'sharp';

import type { ImageForModel } from '../provider.ts';
import { decodeRgb } from './decode-rgb.ts';
import { DETECTOR_SIZE_PX } from './detector.ts';

/** Where the image lies in the detector's square input. */
export interface Letterbox {
  /** Pixels of the input for one pixel of the image. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Pixels of the input left of and above the image. */
  readonly left: number;
  readonly top: number;
}

/** Fits an image of `width` x `height` pixels into the detector's square, centred, its proportions kept. */
export function fitLetterbox(width: number, height: number) {
  const scale = DETECTOR_SIZE_PX / Math.max(width, height);
  const innerWidth = Math.max(1, Math.round(width * scale));
  const innerHeight = Math.max(1, Math.round(height * scale));
  const left = Math.floor((DETECTOR_SIZE_PX - innerWidth) / 2);
  const top = Math.floor((DETECTOR_SIZE_PX - innerHeight) / 2);
  return { innerWidth, innerHeight, left, top, scaleX: innerWidth / width, scaleY: innerHeight / height };
}

/**
 * The image as the network was trained to see it: centred on black, bilinear, RGB bytes 0-255 without normalisation
 * (source: `preprocess` of github.com/610265158/mobilenetv3_centernet). Stretching the image to the square, as
 * `@vladmandic/human` does, finds fewer of the persons who stand close together.
 *
 * @throws {VisionError} kind `bad-image`, scope `analysis`
 */
export async function renderLetterbox(image: ImageForModel): Promise<{ rgb: Uint8Array; letterbox: Letterbox }> {
  const letterbox = fitLetterbox(image.width, image.height);
  const { innerWidth, innerHeight, left, top } = letterbox;
  const pipeline = sharp(image.bytes)
    .resize(innerWidth, innerHeight, { fit: 'fill', kernel: 'linear' })
    .extend({
      left,
      top,
      right: DETECTOR_SIZE_PX - innerWidth - left,
      bottom: DETECTOR_SIZE_PX - innerHeight - top,
      background: 'black',
    });
  const { rgb } = await decodeRgb(pipeline);
  return { rgb, letterbox };
}
