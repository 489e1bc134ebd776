import { type CoordinateMode, coordinateModeSchema } from '../../workflows/goflow/contracts/analysis.ts';
import { countsPixels, type Frame, toPixels } from '../vision/boxes.ts';
import { frameOf } from './frame.ts';
import { modelBoxes, writesCorners } from './structural/box-order.ts';
import { readObject } from './structural/reading.ts';
import { type Corners, textureRank } from './texture.ts';
import type { Answer, OtherReading } from './types.ts';

/** One answer counts at most so much, for or against. */
export const mostGain = 0.3;

/** Servers make images smaller before the model sees them. Nearer to 1 the sides of a box do not tell them apart. */
const scales = [0.5, 0.54, 0.58, 0.62, 0.66, 0.7, 0.75, 0.8, 0.85];
/** As many are looked at closely: it takes time. */
const maxBoxes = 8;
/** Rounding, and what models overshoot, as a share of the image. */
const slack = 0.02;

/** Those of a mode: another order, sizes for corners, another unit, another size of the image. */
export function otherReadings(mode: CoordinateMode): OtherReading[] {
  // what is written as shares of 1, or read so, is known by its numbers
  const isShares = (one: CoordinateMode) => /^rel1\b/.test(one);
  const modes = coordinateModeSchema.options.filter((one) => one !== mode && isShares(one) === isShares(mode));
  const resized = countsPixels(mode) ? scales.map((scale) => ({ mode, scale })) : [];
  return [...modes.map((one) => ({ mode: one, scale: 1 })), ...resized];
}

/**
 * By how much each of the other readings suits the image better than the one that was asked for, -`mostGain` to
 * `mostGain`, in the order of `otherReadings`. Undefined where the answer tells nothing. Pure.
 */
export function gainsOf({ definition, image, inference, facts }: Evidence): number[] | undefined {
  const mode = definition.coordinates;
  const boxes = modelBoxes({ definition, reading: readObject(inference.text) });
  if (facts.pixels === undefined || boxes.length === 0) return undefined;
  const { picture } = facts.pixels;
  const suits = (reading: OtherReading): Suits => {
    const read = boxes.map(({ numbers }) => cornersOf(numbers, reading, frameOf(definition, image)));
    return read.every(isPossible) ? { rank: textureRank(read.slice(0, maxBoxes), picture) } : 'impossible';
  };
  const asked = suits({ mode, scale: 1 });
  return otherReadings(mode).map((reading) => gainOf(suits(reading), asked));
}

type Evidence = Pick<Answer, 'definition' | 'image' | 'inference' | 'facts'>;
type Suits = { readonly rank: number | undefined } | 'impossible';

function gainOf(other: Suits, asked: Suits): number {
  if (other === 'impossible') return asked === 'impossible' ? 0 : -mostGain;
  if (asked === 'impossible') return mostGain;
  if (other.rank === undefined || asked.rank === undefined) return 0;
  return Math.min(mostGain, Math.max(-mostGain, other.rank - asked.rank));
}

function cornersOf(numbers: readonly number[], { mode, scale }: OtherReading, frame: Frame): Corners | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  if (writesCorners(mode) ? c <= a || d <= b : c <= 0 || d <= 0) return undefined;
  const seen = { ...frame, mode, sentWidth: frame.sentWidth * scale, sentHeight: frame.sentHeight * scale };
  const { x, y, width, height } = toPixels(numbers, seen);
  const { originalWidth, originalHeight } = frame;
  return [x / originalWidth, y / originalHeight, (x + width) / originalWidth, (y + height) / originalHeight];
}

const isPossible = (corners: Corners | undefined): corners is Corners =>
  corners?.every((at) => at >= -slack && at <= 1 + slack) ?? false;
