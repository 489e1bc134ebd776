import sharp from 'sharp';

/** All that the stand-in sees of an image, so that what it says of colours and light is right. */
export interface Look {
  readonly width: number;
  readonly height: number;
  /** The main colours, the largest share first; the shares together are at most 1. */
  readonly colours: readonly { readonly hex: string; readonly share: number }[];
  /** Mean of the channels, 0..255. */
  readonly brightness: number;
  readonly isGrey: boolean;
  /** A small copy, drawn into a square: one level 0..255 per pixel, that of its green, row by row. */
  readonly grey: { readonly levels: Uint8Array; readonly side: number };
}

type Rgb = readonly [number, number, number];

const SIDE_PX = 256;
/** One pixel in so many tells the colours; no divisor of the side, or it would be columns. */
const EVERY = 15;
const MOST_COLOURS = 5;
/** Steps of the colour cube: colours of one step are one. */
const STEP = 32;
/** Colours nearer than this are shades of one. */
const SHADE_DISTANCE = 60;
/** Between the channels of one pixel; JPEG writes grey a little coloured. */
const GREY_SPREAD = 12;

/** Looks at a small copy; undefined where the image does not decode. */
export async function lookAt(bytes: Buffer): Promise<Look | undefined> {
  try {
    const image = sharp(bytes, { failOn: 'none' });
    const { width, height } = await image.metadata();
    const small = image
      .resize(SIDE_PX, SIDE_PX, { fit: 'fill', kernel: 'nearest' })
      .removeAlpha()
      .toColourspace('srgb');
    return { width, height, ...measure(await small.raw().toBuffer()) };
  } catch {
    return undefined;
  }
}

function measure(raw: Buffer): Omit<Look, 'width' | 'height'> {
  const pixelAt = (index: number): Rgb => [raw[3 * index] ?? 0, raw[3 * index + 1] ?? 0, raw[3 * index + 2] ?? 0];
  const levels = new Uint8Array(raw.length / 3);
  for (let index = 0; index < levels.length; index += 1) levels[index] = raw[3 * index + 1] ?? 0;
  const some = Array.from({ length: Math.floor(levels.length / EVERY) }, (_, index) => pixelAt(index * EVERY));
  return {
    colours: mainColours(some),
    brightness: some.reduce((sum, [red, green, blue]) => sum + (red + green + blue) / 3, 0) / some.length,
    isGrey: some.every((pixel) => Math.max(...pixel) - Math.min(...pixel) <= GREY_SPREAD),
    grey: { levels, side: SIDE_PX },
  };
}

/** The most frequent colours that are apart from each other, each with the pixels that are nearest to it. */
function mainColours(pixels: readonly Rgb[]): Look['colours'] {
  const steps = groupBy(pixels, (pixel) => pixel.map((level) => Math.floor(level / STEP)).join());
  const frequent = [...steps.values()].sort((a, b) => b.length - a.length).map(meanOf);
  const chosen: Rgb[] = [];
  for (const colour of frequent) {
    const isApart = chosen.every((other) => distance(colour, other) > SHADE_DISTANCE);
    if (isApart && chosen.length < MOST_COLOURS) chosen.push(colour);
  }
  const nearest = (pixel: Rgb) => chosen.reduce((a, b) => (distance(pixel, b) < distance(pixel, a) ? b : a));
  const shares = groupBy(pixels, nearest);
  return chosen
    .map((colour) => ({ hex: hexOf(colour), share: shareOf(shares.get(colour)?.length ?? 0, pixels.length) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const shareOf = (part: number, whole: number): number => Math.floor((part / whole) * 100) / 100;

function meanOf(pixels: readonly Rgb[]): Rgb {
  const mean = (channel: 0 | 1 | 2): number =>
    Math.round(pixels.reduce((sum, pixel) => sum + pixel[channel], 0) / pixels.length);
  return [mean(0), mean(1), mean(2)];
}

function hexOf(colour: Rgb): string {
  return `#${colour.map((level) => level.toString(16).padStart(2, '0')).join('')}`;
}
