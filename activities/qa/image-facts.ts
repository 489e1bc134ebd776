import sharp from 'sharp';
import { type Lab, labOf } from '../vision/embedded/cielab.ts';
import type { ImageForModel } from '../vision/provider.ts';

/** What the rules know of the pixels: measured once per image, small, so that the rules stay pure and quick. */
export interface ImageFacts {
  /** Absent where the image could not be decoded: the rules that need it are silent. */
  readonly pixels?: PixelFacts;
}

export interface PixelFacts {
  /** The colours of the image, in steps of 8 levels, with their shares of all pixels. */
  readonly colours: readonly { readonly lab: Lab; readonly share: number }[];
  /** Mean grey level, 0..255. */
  readonly brightness: number;
  /** The largest difference between the channels of a pixel, 0..255: 0 is a greyscale image. */
  readonly colourfulness: number;
  /** Between the least and the largest level of the channel where they are furthest apart, 0..255. */
  readonly range: number;
  /** The largest step between neighbours in that channel as a share of the range: a sharp edge makes most of it at once. */
  readonly steepness: number;
  readonly picture: SmallPicture;
}

export interface SmallPicture {
  /** Red, green and blue of each pixel, row by row: colours of one brightness have edges, too. */
  readonly levels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const colourSide = 128;
const pictureSide = 256;
const detailSide = 512;
const known = new WeakMap<ImageForModel, Promise<ImageFacts>>();

/** Measures an image, once for as long as it is held. Never rejects: QA must not fail where a picture is odd. */
export function imageFacts(image: ImageForModel): Promise<ImageFacts> {
  const facts = known.get(image) ?? measure(image).catch(() => ({}));
  known.set(image, facts);
  return facts;
}

async function measure({ bytes }: ImageForModel): Promise<ImageFacts> {
  const small = (side: number, kernel: 'nearest' | 'lanczos3') =>
    sharp(bytes)
      .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  const [picked, picture, detail] = await Promise.all([
    // picks pixels and mixes none: every colour is one of the image
    small(colourSide, 'nearest'),
    small(pictureSide, 'lanczos3'),
    small(detailSide, 'lanczos3'),
  ]);
  const { width, height } = picture.info;
  return {
    pixels: {
      colours: countColours(picked.data),
      brightness: meanGrey(picture.data),
      ...measureDetail(detail.data, detail.info.width),
      picture: { levels: picture.data, width, height },
    },
  };
}

function countColours(rgb: Uint8Array): PixelFacts['colours'] {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, bin);
    bin.count += 1;
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
  }
  return [...bins.values()].map(({ count, red, green, blue }) => {
    return { lab: labOf(red / count, green / count, blue / count), share: (count * 3) / rgb.length };
  });
}

function meanGrey(rgb: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at + 2 < rgb.length; at += 3)
    sum += 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
  return (sum * 3) / rgb.length;
}

function measureDetail(rgb: Uint8Array, width: number): Pick<PixelFacts, 'colourfulness' | 'range' | 'steepness'> {
  let colourfulness = 0;
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    colourfulness = Math.max(colourfulness, Math.max(red, green, blue) - Math.min(red, green, blue));
  }
  const channels = [0, 1, 2].map((channel) => ({ channel, range: rangeOf(rgb, channel) }));
  const [widest] = channels.sort((a, b) => b.range - a.range);
  if (widest === undefined || widest.range === 0) return { colourfulness, range: 0, steepness: 0 };
  const { channel, range } = widest;
  return { colourfulness, range, steepness: steepestStep(rgb, width, channel) / range };
}

/** How far the levels of a channel are apart. */
function rangeOf(rgb: Uint8Array, channel: number): number {
  let [least, most] = [255, 0];
  for (let at = channel; at < rgb.length; at += 3) {
    const level = rgb[at] ?? 0;
    least = Math.min(least, level);
    most = Math.max(most, level);
  }
  return Math.max(0, most - least);
}

/** By how much neighbours differ at most in a channel. */
function steepestStep(rgb: Uint8Array, width: number, channel: number): number {
  const row = width * 3;
  let step = 0;
  for (let at = channel; at < rgb.length; at += 3) {
    const level = rgb[at] ?? 0;
    if (at % row >= 3) step = Math.max(step, Math.abs(level - (rgb[at - 3] ?? 0)));
    if (at >= row) step = Math.max(step, Math.abs(level - (rgb[at - row] ?? 0)));
  }
  return step;
}
