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
  /** What 99 % of the pixels do not exceed: 0 is grey, a strong colour 60 and more. */
  readonly chroma: number;
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
  const [rgb, grey] = await Promise.all([
    // picks pixels and mixes none: every colour is one of the image
    small(colourSide, 'nearest').toColourspace('srgb').raw().toBuffer(),
    small(greySide, 'lanczos3').toColourspace('b-w').raw().toBuffer({ resolveWithObject: true }),
  ]);
  const colours = countColours(rgb);
  const { width, height } = grey.info;
  return {
    pixels: {
      colours,
      brightness: grey.data.reduce((sum, level) => sum + level, 0) / grey.data.length,
      chroma: chromaOf(colours),
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

function chromaOf(colours: PixelFacts['colours']): number {
  const byChroma = colours
    .map(({ lab: [, a, b], share }) => ({ chroma: Math.hypot(a, b), share }))
    .sort((one, other) => one.chroma - other.chroma);
  let seen = 0;
  for (const { chroma, share } of byChroma) {
    seen += share;
    if (seen >= 0.99) return chroma;
  }
  return byChroma.at(-1)?.chroma ?? 0;
}
