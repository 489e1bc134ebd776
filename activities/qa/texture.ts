import type { SmallPicture } from './image-facts.ts';

/** Left, top, right, bottom as shares of the image. */
export type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** How wide the strips on both sides of a line are that are compared, as a share of the image. */
const stripShare = 0.04;
/** Sides so near the border of the image have nothing beyond. */
const border = 0.02;

/**
 * How well boxes part the image into things and what is around them, 0..1: how much the texture changes at their sides,
 * as a rank among all lines of the same length that run beside. 0.5 is what boxes anywhere have, whatever the image shows.
 * Undefined where all sides are the image's own.
 */
export function textureRank(boxes: readonly Corners[], picture: SmallPicture): number | undefined {
  const map = mapOf(picture);
  const ranks = boxes.flatMap(([left, top, right, bottom]) => [
    ...ranksOf([left, right], changesAcross(map, top, bottom, true)),
    ...ranksOf([top, bottom], changesAcross(map, left, right, false)),
  ]);
  return ranks.length === 0 ? undefined : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
}

function ranksOf(lines: readonly number[], changes: Float64Array): number[] {
  const inner = lines.filter((at) => at > border && at < 1 - border);
  return inner.map((at) => {
    const change = changes[Math.round(at * (changes.length - 1))] ?? 0;
    let below = 0;
    for (const other of changes) below += other < change ? 1 : other === change ? 0.5 : 0;
    return below / changes.length;
  });
}

/** Sums of the steps between neighbours over all that lies left of and above a pixel. */
interface TextureMap {
  readonly width: number;
  readonly height: number;
  readonly across: Float64Array;
  readonly down: Float64Array;
}

/** The change of texture at every line that is parallel to a side, over the length of that side; squared, for ranks only. */
function changesAcross(map: TextureMap, from: number, to: number, isVertical: boolean): Float64Array {
  const [along, over] = isVertical ? [map.height, map.width] : [map.width, map.height];
  const start = Math.min(along - 1, Math.max(0, Math.round(from * along)));
  const end = Math.min(along, Math.max(start + 1, Math.round(to * along)));
  const [stepAlong, stepOver] = isVertical ? [map.width + 1, 1] : [1, map.width + 1];
  const [across, down, changes] = [new Float64Array(over + 1), new Float64Array(over + 1), new Float64Array(over + 1)];
  for (let line = 0; line <= over; line += 1) {
    const [first, last] = [start * stepAlong + line * stepOver, end * stepAlong + line * stepOver];
    across[line] = (map.across[last] ?? 0) - (map.across[first] ?? 0);
    down[line] = (map.down[last] ?? 0) - (map.down[first] ?? 0);
  }
  const strip = Math.max(2, Math.round(stripShare * over));
  for (let line = 0; line <= over; line += 1)
    changes[line] = changeAt(across, line, strip) ** 2 + changeAt(down, line, strip) ** 2;
  return changes;
}

/** Between the mean of the strip after a line and that of the strip before it. */
function changeAt(sums: Float64Array, line: number, strip: number): number {
  const before = Math.max(0, line - strip);
  const after = Math.min(sums.length - 1, line + strip);
  const here = sums[line] ?? 0;
  const next = ((sums[after] ?? 0) - here) / Math.max(1, after - line);
  return next - (here - (sums[before] ?? 0)) / Math.max(1, line - before);
}

const known = new WeakMap<SmallPicture, TextureMap>();

function mapOf(picture: SmallPicture): TextureMap {
  const map = known.get(picture) ?? measure(picture);
  known.set(picture, map);
  return map;
}

function measure({ levels, width, height }: SmallPicture): TextureMap {
  const sums = (offset: number, isThere: (x: number, y: number) => boolean) => {
    const all = new Float64Array((width + 1) * (height + 1));
    for (let y = 0; y < height; y += 1) {
      let row = 0;
      for (let x = 0; x < width; x += 1) {
        const at = (y * width + x) * 3;
        if (isThere(x, y)) row += stepAt(levels, at, at - offset * 3);
        all[(y + 1) * (width + 1) + x + 1] = (all[y * (width + 1) + x + 1] ?? 0) + row;
      }
    }
    return all;
  };
  return { width, height, across: sums(1, (x) => x > 0), down: sums(width, (_, y) => y > 0) };
}

/** In the channel where it is largest; its root, so that one hard edge does not outweigh all that is fine. */
function stepAt(levels: Uint8Array, at: number, before: number): number {
  let largest = 0;
  for (let channel = 0; channel < 3; channel += 1)
    largest = Math.max(largest, Math.abs((levels[at + channel] ?? 0) - (levels[before + channel] ?? 0)));
  return Math.sqrt(largest);
}
