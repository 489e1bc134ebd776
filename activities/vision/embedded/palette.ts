import { labOf, squaredDistance, type Lab } from './cielab.ts';
import { colourName } from './colour-names.ts';

export interface PaletteColour {
  /** `#rrggbb`, sRGB: the mean of the pixels it stands for. */
  readonly hex: string;
  readonly name: string;
  /** Part of all pixels, 0 to 1, cut to three decimals so that no sum exceeds 1. */
  readonly share: number;
}

/** Some pixels of about the same colour. Sums instead of means, so that two of them add up. */
interface Swatch {
  pixels: number;
  red: number;
  green: number;
  blue: number;
  lab: Lab;
}

/** More than are wanted, so that a small area of its own colour gets one before shades merge. */
const SEEDS = 10;
const MOST_COLOURS = 6;
const FEWEST_COLOURS = 3;
/** Colours nearer than this are one to the eye; 2.3 is the least difference that is seen at all. */
const SAME_COLOUR_DISTANCE = 5;
/** Colours nearer than this are shades of one, and merge while more than the fewest are left. */
const SHADE_DISTANCE = 14;
const SMALLEST_SHARE = 0.02;
const ROUNDS = 12;

/**
 * The main colours of RGB pixels, largest share first: k-means in CIELAB from seeds chosen by a rule, so that equal
 * pixels give equal palettes. Three to six colours; fewer only where the image has no more (a blank page has one).
 */
export function measurePalette(rgb: Uint8Array): PaletteColour[] {
  const bins = countColours(rgb);
  const clusters = mergeShades(refine(bins, chooseSeeds(bins)));
  const pixels = rgb.length / 3;
  return clusters
    .toSorted((a, b) => b.pixels - a.pixels)
    .filter((cluster, place) => place === 0 || cluster.pixels / pixels >= SMALLEST_SHARE)
    .map((cluster) => ({
      hex: hexOf(cluster),
      name: colourName(cluster.lab),
      share: Math.floor((cluster.pixels / pixels) * 1000) / 1000,
    }));
}

/** Counts colours in 32 steps per channel: k-means over some hundred bins instead of thousands of pixels. */
function countColours(rgb: Uint8Array): Swatch[] {
  const bins = new Map<number, Swatch>();
  for (let i = 0; i + 2 < rgb.length; i += 3) {
    const [red, green, blue] = [rgb[i] ?? 0, rgb[i + 1] ?? 0, rgb[i + 2] ?? 0];
    const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
    const bin = bins.get(key);
    if (!bin) bins.set(key, { pixels: 1, red, green, blue, lab: [0, 0, 0] });
    else add(bin, { pixels: 1, red, green, blue });
  }
  return [...bins.values()].map(withLab);
}

/** The largest bin, then always the one that is large and far from all seeds: k-means++ without its dice. */
function chooseSeeds(bins: readonly Swatch[]): Lab[] {
  const seeds: Lab[] = [];
  const distances = bins.map(() => 1);
  while (seeds.length < SEEDS) {
    let best: { seed: Lab; weight: number } | undefined;
    for (const [place, bin] of bins.entries()) {
      const weight = bin.pixels * (distances[place] ?? 0);
      if (weight > (best?.weight ?? 0)) best = { seed: bin.lab, weight };
    }
    if (!best) break;
    const { seed } = best;
    for (const [place, bin] of bins.entries()) {
      const distance = squaredDistance(bin.lab, seed);
      distances[place] = seeds.length === 0 ? distance : Math.min(distances[place] ?? 0, distance);
    }
    seeds.push(seed);
  }
  return seeds;
}

function refine(bins: readonly Swatch[], seeds: readonly Lab[]): Swatch[] {
  let clusters: Swatch[] = [];
  let centres = seeds;
  for (let round = 0; round < ROUNDS; round += 1) {
    clusters = centres.map((lab) => ({ pixels: 0, red: 0, green: 0, blue: 0, lab }));
    for (const bin of bins) {
      const nearest = nearestTo(bin.lab, clusters);
      if (nearest) add(nearest, bin);
    }
    clusters = clusters.filter((cluster) => cluster.pixels > 0).map(withLab);
    centres = clusters.map((cluster) => cluster.lab);
  }
  return clusters;
}

function mergeShades(clusters: readonly Swatch[]): Swatch[] {
  const merged = [...clusters];
  for (;;) {
    const limit = mergeDistance(merged.length);
    let closest: { keep: number; drop: number; distance: number } | undefined;
    for (const [drop, b] of merged.entries()) {
      for (const [keep, a] of merged.slice(0, drop).entries()) {
        const distance = squaredDistance(a.lab, b.lab);
        if (distance < (closest?.distance ?? limit ** 2)) closest = { keep, drop, distance };
      }
    }
    if (!closest) return merged;
    const [dropped] = merged.splice(closest.drop, 1);
    const kept = merged[closest.keep];
    if (!dropped || !kept) return merged;
    add(kept, dropped);
    merged[closest.keep] = withLab(kept);
  }
}

function mergeDistance(colours: number): number {
  if (colours > MOST_COLOURS) return Infinity;
  return colours > FEWEST_COLOURS ? SHADE_DISTANCE : SAME_COLOUR_DISTANCE;
}

function nearestTo(lab: Lab, clusters: readonly Swatch[]): Swatch | undefined {
  let nearest: Swatch | undefined;
  let shortest = Infinity;
  for (const cluster of clusters) {
    const distance = squaredDistance(lab, cluster.lab);
    if (distance >= shortest) continue;
    shortest = distance;
    nearest = cluster;
  }
  return nearest;
}

function add(to: Swatch, more: Omit<Swatch, 'lab'>): void {
  to.pixels += more.pixels;
  to.red += more.red;
  to.green += more.green;
  to.blue += more.blue;
}

function withLab(swatch: Swatch): Swatch {
  return {
    ...swatch,
    lab: labOf(swatch.red / swatch.pixels, swatch.green / swatch.pixels, swatch.blue / swatch.pixels),
  };
}

function hexOf({ pixels, red, green, blue }: Swatch): string {
  const digits = [red, green, blue].map((sum) =>
    Math.round(sum / pixels)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${digits.join('')}`;
}
