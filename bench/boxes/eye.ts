import sharp from 'sharp';
import type { Edges } from './notations.ts';
import { ground, mark } from './picture.ts';

/** Pixels around an edge that a resize can have touched. */
const reach = 6;

/**
 * Looks at an image as a model would that sees perfectly. What it returns finds the bright rectangle near a place, to a
 * fraction of a pixel.
 */
export async function openEye(bytes: Buffer): Promise<(near: Edges) => Edges> {
  const { data, info } = await sharp(bytes).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  /** How much of a pixel is mark: 0 to 1, a little beyond where the resize has overshot. */
  const coverage = (x: number, y: number) => ((data[(y * width + x) * channels] ?? 0) - ground) / (mark - ground);

  /** The mean coverage of each column or row of the region, over the middle half of the other direction. */
  function profile({ left, top, right, bottom }: Edges, isAcross: boolean): number[] {
    const [from, to] = isAcross ? [left, right] : [top, bottom];
    const [low, high] = isAcross ? [top, bottom] : [left, right];
    const quarter = Math.floor((high - low) / 4);
    return Array.from({ length: to - from }, (_, index) => {
      let sum = 0;
      for (let other = low + quarter; other < high - quarter; other += 1)
        sum += isAcross ? coverage(from + index, other) : coverage(other, from + index);
      return sum / (high - low - 2 * quarter);
    });
  }

  function find(near: Edges): Edges {
    const region = {
      left: Math.max(0, Math.round(near.left) - 2 * reach),
      top: Math.max(0, Math.round(near.top) - 2 * reach),
      right: Math.min(width, Math.round(near.right) + 2 * reach),
      bottom: Math.min(height, Math.round(near.bottom) + 2 * reach),
    };
    const [left, right] = edgesOf(profile(region, true), region.left, width);
    const [top, bottom] = edgesOf(profile(region, false), region.top, height);
    return { left, top, right, bottom };
  }
  return find;
}

/** A resize spreads an edge over some pixels and keeps its sum: what is covered around it says where it was. */
function edgesOf(profile: readonly number[], start: number, end: number): [number, number] {
  const bright = profile.map((value, index) => ({ value, index })).filter(({ value }) => value > 0.5);
  const first = bright.at(0)?.index ?? Number.NaN;
  const last = bright.at(-1)?.index ?? Number.NaN;
  const covered = (from: number, to: number) =>
    profile.slice(Math.max(0, from), to).reduce((sum, value) => sum + value, 0);
  const left = start + first === 0 ? 0 : start + first + reach - covered(first - reach, first + reach);
  const right = start + last + 1 === end ? end : start + last + 1 - reach + covered(last + 1 - reach, last + 1 + reach);
  return [left, right];
}
