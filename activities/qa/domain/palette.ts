import type { RuleParams } from '../../../workflows/goflow/contracts/qa-rules.ts';
import { type Lab, labOf, squaredDistance } from '../../vision/embedded/cielab.ts';
import type { ImageFacts, PixelFacts } from '../image-facts.ts';
import type { Fault, FieldAt, ParsedAnswer } from '../types.ts';

type Params = RuleParams['domain'];

/** Colours that are not in the image, and shares that are far from what the pixels say. */
export function paletteInPixels(
  answer: ParsedAnswer,
  { delta_e, max_share_error }: Params['palette_in_pixels'],
): Fault[] {
  const { pixels } = answer.facts;
  if (pixels === undefined) return [];
  return coloursOf(answer).flatMap(({ path, hex, share }): Fault[] => {
    const lab = labOfHex(hex);
    if (nearest(lab, pixels) > delta_e) return [{ path, message: `${path}: ${hex} is not in the image` }];
    if (share === undefined) return [];
    // all that may pass for this colour, and all that surely is: a share between the two can be right
    const most = shareWithin(lab, delta_e * 1.6, pixels);
    const least = shareWithin(lab, delta_e / 4, pixels);
    const isWrong = share > most + max_share_error || share < least - max_share_error;
    return isWrong ? [{ path, message: `${path}: ${hex} has not the share ${share} of the image` }] : [];
  });
}

/** Shares of one list that are no parts of one whole. */
export function paletteShares(answer: ParsedAnswer, { min_sum, max_sum }: Params['palette_shares']): Fault[] {
  const sums = new Map<string, number>();
  for (const { list, share } of coloursOf(answer))
    if (list !== undefined && share !== undefined) sums.set(list, (sums.get(list) ?? 0) + share);
  return [...sums].flatMap(([list, sum]) =>
    sum < min_sum || sum > max_sum
      ? [{ path: list, message: `${list}: the shares add up to ${Math.round(sum * 100) / 100}, not to 1` }]
      : [],
  );
}

/** A single colour beside a list of colours is one of them. */
export function paletteDominant(answer: ParsedAnswer, params: Params['palette_dominant']): Fault[] {
  const colours = coloursOf(answer);
  const listed = colours.filter(({ list }) => list !== undefined);
  if (listed.length === 0) return [];
  const largest = Math.max(...listed.map(({ share }) => share ?? 0));
  return colours.flatMap(({ path, list, hex }) => {
    if (list !== undefined) return [];
    const lab = labOfHex(hex);
    const own = listed.filter((other) => distance(lab, labOfHex(other.hex)) <= params.delta_e);
    if (own.length === 0) return [{ path, message: `${path}: ${hex} is not among the colours` }];
    const share = Math.max(...own.map((other) => other.share ?? Infinity));
    const isSmall = share < params.min_share_of_largest * largest;
    return isSmall ? [{ path, message: `${path}: ${hex} has a far smaller share than others` }] : [];
  });
}

/** One list that holds a colour twice. */
export function paletteTwins(answer: ParsedAnswer, { delta_e }: Params['palette_twins']): Fault[] {
  const listed = coloursOf(answer).filter(({ list }) => list !== undefined);
  return listed.flatMap(({ path, list, hex }, index) => {
    const lab = labOfHex(hex);
    const twin = listed
      .slice(0, index)
      .find((other) => other.list === list && distance(lab, labOfHex(other.hex)) <= delta_e);
    return twin ? [{ path, message: `${path}: ${hex} stands in the list already, at ${twin.path}` }] : [];
  });
}

export const isGreyscale = ({ pixels }: ImageFacts, maxColourfulness: number) =>
  pixels !== undefined && pixels.colourfulness <= maxColourfulness;

export interface ColourAt {
  readonly path: string;
  readonly hex: string;
  /** The list that it is in. */
  readonly list: string | undefined;
  /** 0..1, where the same item has one. */
  readonly share: number | undefined;
}

/** The hex colours of an answer. */
export function coloursOf({ fields }: ParsedAnswer): ColourAt[] {
  return fields.flatMap(({ path, field, value }): ColourAt[] => {
    if (field.type !== 'hex-colour' || typeof value !== 'string') return [];
    const item = /^(.*)\.\d+(?:\.[^.]+)?$/.exec(path);
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    const share = item && fields.find((at) => at.path.startsWith(`${parent}.`) && isShare(at, parent));
    return [{ path, hex: value, list: item?.[1], share: share ? shareOf(share) : undefined }];
  });
}

const isShare = ({ path, field }: FieldAt, parent: string) =>
  ['number', 'percent', 'integer'].includes(field.type) &&
  /^(share|percent(age)?|ratio|part|weight|coverage|proportion|area)$/.test(path.slice(parent.length + 1));

/** A number up to 100 is a percentage; `percent` fields are shares already. */
const shareOf = ({ field, value }: FieldAt) =>
  Number(value) / ('maximum' in field && typeof field.maximum === 'number' && field.maximum > 1 ? 100 : 1);

export function labOfHex(hex: string): Lab {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return labOf(red ?? 0, green ?? 0, blue ?? 0);
}

const distance = (a: Lab, b: Lab) => Math.sqrt(squaredDistance(a, b));
const nearest = (lab: Lab, { colours }: PixelFacts) => Math.min(...colours.map((colour) => distance(lab, colour.lab)));
const shareWithin = (lab: Lab, radius: number, { colours }: PixelFacts) =>
  colours.reduce((sum, colour) => sum + (distance(lab, colour.lab) <= radius ? colour.share : 0), 0);
