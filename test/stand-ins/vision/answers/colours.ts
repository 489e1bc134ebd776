import type { Look } from '../engine/look.ts';
import type { JsonSchema } from '../engine/inference.ts';
import type { Random } from '../random.ts';

/** A colour as an answer may tell of it. */
export interface Colour {
  readonly hex: string;
  readonly name: string;
  /** Of the image, 0..1. */
  readonly share: number;
}

/** For an answer without an image: far apart from each other. */
const SWATCHES = ['#2b2b2b', '#e8e4da', '#8a8a86', '#a33a2c', '#3f6b3a', '#2f5f9e', '#d8b23a', '#7a5230'];
const INVENTED_SHARES = [0.45, 0.25, 0.15];

/** The colours that one answer tells of, the largest share first: those of the image where one was looked at. */
export function coloursOf(look: Look | undefined, random: Random): readonly Colour[] {
  const seen =
    look?.colours ??
    random.sample(SWATCHES, INVENTED_SHARES.length).map((hex, index) => ({ hex, share: INVENTED_SHARES[index] ?? 0 }));
  return seen.map(({ hex, share }) => ({ hex, share, name: nameOf(hex) }));
}

/** Less between the channels has no hue to speak of. */
const GREY_SPREAD = 36;
/** Where on the circle of hues, in degrees of HSV, each name ends. */
const HUES: readonly (readonly [number, string])[] = [
  ...([
    [20, 'red'],
    [45, 'orange'],
    [70, 'yellow'],
    [165, 'green'],
    [190, 'turquoise'],
  ] as const),
  ...([
    [260, 'blue'],
    [315, 'purple'],
    [345, 'pink'],
    [360, 'red'],
  ] as const),
];

function nameOf(hex: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const spread = most - least;
  const lightness = (most + least) / 2;
  if (spread < GREY_SPREAD) return lightness < 70 ? 'black' : lightness > 185 ? 'white' : 'grey';
  const sixth =
    most === red ? (green - blue) / spread : most === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
  const hue = (60 * sixth + 360) % 360;
  const name = HUES.find(([end]) => hue < end)?.[1] ?? 'red';
  return name === 'orange' && lightness < 120 ? 'brown' : name;
}

const IS_HEX = /hex/i;
const IS_NAME = /^(name|label|colou?r|colou?r_?name)$/i;
const IS_SHARE = /share|portion|percent|area/i;
const IS_MAIN = /dominant|main|primary|overall|average/i;

/** Whether a property holds a colour like `#1a2b3c`. */
export const isHex = (name: string, { pattern }: JsonSchema): boolean =>
  typeof pattern === 'string' ? /^\^?#\[[\da-f-]+\]\{6\}\$?$/i.test(pattern) : IS_HEX.test(name);

/** Whether a property of this name holds the one colour that stands for all. */
export const isMainColour = (name: string): boolean => IS_MAIN.test(name);

/** What a colour says under a property of an object that describes it; undefined where that is something else. */
export function partOfColour(colour: Colour, name: string, schema: JsonSchema): string | number | undefined {
  if (isHex(name, schema)) return colour.hex;
  if (IS_NAME.test(name) && schema.type === 'string') return colour.name;
  if (!IS_SHARE.test(name)) return undefined;
  if (schema.type === 'integer') return Math.round(100 * colour.share);
  return schema.type === 'number' ? colour.share : undefined;
}
