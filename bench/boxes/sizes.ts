import type { Edges, Size } from './notations.ts';

/** The corners of what is admitted, sizes that lie on a grid already, and usual ones; upright and lying. */
const known: readonly (readonly [number, number])[] = [
  ...([
    [640, 480],
    [480, 640],
    [4096, 4096],
    [4096, 480],
    [480, 4096],
    [4096, 4095],
  ] as const),
  ...([
    [1036, 784],
    [1024, 1024],
    [896, 896],
    [1008, 812],
    [641, 481],
    [4095, 2731],
  ] as const),
  ...([
    [1920, 1080],
    [1080, 1920],
    [4000, 3000],
    [3024, 4032],
    [800, 600],
    [1280, 720],
  ] as const),
];
const longest = 4096;
const leastLong = 640;
const leastShort = 480;
/** A mark that is smaller than this is too small for the eye after scaling. */
const leastMark = 80;
/** Between a mark and what is near it, so that the eye sees one edge at a time. */
const margin = 48;

/** Small, fast and good enough for test data: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pictures to draw: the known sizes first, then random ones; each with a mark in every quarter, some at the border. */
export function* sizesAndMarks(count: number, random: () => number): Generator<{ size: Size; marks: Edges[] }> {
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  for (let index = 0; index < count; index += 1) {
    const long = between(leastLong, longest);
    const short = between(leastShort, long);
    const [width, height] = known[index] ?? (random() < 0.5 ? [long, short] : [short, long]);
    const size = { width, height };
    yield { size, marks: quarters(size).map((quarter) => markIn(quarter, size, between)) };
  }
}

const quarters = ({ width, height }: Size): Edges[] =>
  [0, 1].flatMap((column) =>
    [0, 1].map((row) => ({
      left: Math.floor((column * width) / 2),
      top: Math.floor((row * height) / 2),
      right: Math.floor(((column + 1) * width) / 2),
      bottom: Math.floor(((row + 1) * height) / 2),
    })),
  );

/** One in four touches the border of the picture where its quarter does. */
function markIn(quarter: Edges, size: Size, between: (low: number, high: number) => number): Edges {
  const isAtBorder = between(1, 4) === 1;
  const span = (from: number, to: number, end: number) => {
    const low = from + margin;
    const high = to - margin;
    const start = isAtBorder && from === 0 ? 0 : between(low, high - leastMark);
    const stop = isAtBorder && to === end ? end : between(Math.max(start, low) + leastMark, high);
    return [start, stop] as const;
  };
  const [left, right] = span(quarter.left, quarter.right, size.width);
  const [top, bottom] = span(quarter.top, quarter.bottom, size.height);
  return { left, top, right, bottom };
}
