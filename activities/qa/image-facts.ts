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
  /** Between the darkest and the brightest pixel, 0..255. */
  readonly range: number;
  /** The largest step between neighbours as a share of the range: a sharp edge makes most of it at once. */
  readonly steepness: number;
  readonly grey: GreyPicture;
}

export interface GreyPicture {
  /** One byte per pixel, row by row. */
  readonly levels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const colourSide = 128;
const greySide = 256;
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
    sharp(bytes).resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel }).removeAlpha();
  const [rgb, grey, detail] = await Promise.all([
    // picks pixels and mixes none: every colour is one of the image
    small(colourSide, 'nearest').toColourspace('srgb').raw().toBuffer(),
    small(greySide, 'lanczos3').toColourspace('b-w').raw().toBuffer({ resolveWithObject: true }),
    small(detailSide, 'lanczos3').toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
  ]);
  const colours = countColours(rgb);
  const { width, height } = grey.info;
  return {
    pixels: {
      colours,
      brightness: grey.data.reduce((sum, level) => sum + level, 0) / grey.data.length,
      ...measureDetail(detail.data, detail.info.width),
      grey: { levels: grey.data, width, height },
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

function measureDetail(rgb: Uint8Array, width: number): Pick<PixelFacts, 'colourfulness' | 'range' | 'steepness'> {
  const greys = new Uint8Array(rgb.length / 3);
  let colourfulness = 0;
  let darkest = 255;
  let brightest = 0;
  for (let pixel = 0, at = 0; pixel < greys.length; pixel += 1, at += 3) {
    const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
    colourfulness = Math.max(colourfulness, Math.max(red, green, blue) - Math.min(red, green, blue));
    const grey = (red * 77 + green * 150 + blue * 29) >> 8;
    greys[pixel] = grey;
    darkest = Math.min(darkest, grey);
    brightest = Math.max(brightest, grey);
  }
  const range = brightest - darkest;
  let step = 0;
  for (let pixel = width; pixel < greys.length; pixel += 1) {
    const grey = greys[pixel] ?? 0;
    step = Math.max(step, Math.abs(grey - (greys[pixel - width] ?? 0)));
    if (pixel % width > 0) step = Math.max(step, Math.abs(grey - (greys[pixel - 1] ?? 0)));
  }
  return { colourfulness, range, steepness: range === 0 ? 0 : step / range };
}
