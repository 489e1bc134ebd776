import { measureSharpness, type GreyPicture } from './sharpness.ts';

export interface Quality {
  /** 0 to 100, see `measureSharpness`. */
  readonly sharpness: number;
  readonly exposure: 'under' | 'normal' | 'over';
  /** 0 to 100: the part of the range from black to white that the middle 90 % of the pixels use. */
  readonly contrast: number;
  /** 0 to 255. */
  readonly brightness_mean: number;
  /** Parts of all pixels, 0 to 1, that are as good as black or white, so that their detail is lost. */
  readonly clipped_shadows_share: number;
  readonly clipped_highlights_share: number;
  readonly verdict: 'good' | 'acceptable' | 'poor';
  readonly issues: readonly string[];
}

const SHADOW_LEVEL = 5;
const HIGHLIGHT_LEVEL = 250;

/** Limits of the verdict. A value beyond the first is an issue; beyond the second the image is poor. */
const LIMITS = {
  sharpness: { issue: 50, poor: 30 },
  contrast: { issue: 25, poor: 12 },
  darkness: { issue: 50, poor: 25 },
  brightness: { issue: 205, poor: 230 },
  shadows: { issue: 0.1 },
  highlights: { issue: 0.05 },
} as const;

/** Measures how well a picture was taken, from its grey levels alone. Measured, not judged by taste. */
export function measureQuality(picture: GreyPicture): Quality {
  const pixels = picture.levels.length;
  const counts = new Array<number>(256).fill(0);
  for (const level of picture.levels) counts[level] = (counts[level] ?? 0) + 1;
  const mean = counts.reduce((sum, count, level) => sum + count * level, 0) / pixels;
  const share = (from: number, to: number) =>
    counts.slice(from, to + 1).reduce((sum, count) => sum + count, 0) / pixels;
  const measured = {
    sharpness: measureSharpness(picture),
    exposure: exposureOf(mean),
    contrast: Math.round(((percentile(counts, pixels, 0.95) - percentile(counts, pixels, 0.05)) / 255) * 100),
    brightness_mean: Math.round(mean),
    clipped_shadows_share: round3(share(0, SHADOW_LEVEL)),
    clipped_highlights_share: round3(share(HIGHLIGHT_LEVEL, 255)),
  };
  return { ...measured, ...judge(measured) };
}

function judge(measured: Omit<Quality, 'verdict' | 'issues'>): Pick<Quality, 'verdict' | 'issues'> {
  const { sharpness, contrast, brightness_mean: mean } = measured;
  const issues = [
    sharpness < LIMITS.sharpness.issue && 'blurred or without detail',
    measured.exposure === 'under' && 'underexposed',
    measured.exposure === 'over' && 'overexposed',
    contrast < LIMITS.contrast.issue && 'low contrast',
    measured.clipped_shadows_share >= LIMITS.shadows.issue && 'shadows without detail',
    measured.clipped_highlights_share >= LIMITS.highlights.issue && 'highlights without detail',
  ].filter((issue) => issue !== false);
  const isPoor =
    sharpness < LIMITS.sharpness.poor ||
    contrast < LIMITS.contrast.poor ||
    mean < LIMITS.darkness.poor ||
    mean > LIMITS.brightness.poor;
  return { verdict: isPoor ? 'poor' : issues.length === 0 ? 'good' : 'acceptable', issues };
}

function exposureOf(mean: number): Quality['exposure'] {
  if (mean < LIMITS.darkness.issue) return 'under';
  return mean > LIMITS.brightness.issue ? 'over' : 'normal';
}

/** The lowest level that at least `part` of the pixels do not exceed. */
function percentile(counts: readonly number[], pixels: number, part: number): number {
  let seen = 0;
  for (const [level, count] of counts.entries()) {
    seen += count;
    if (seen >= part * pixels) return level;
  }
  return 255;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
