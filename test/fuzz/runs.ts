import { randomInt } from 'node:crypto';

/** How many cases a fuzz test tries, and which: `npm run fuzz` tries many new ones, `npm test` few and always the same. */
export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
}

/** `GF25_FUZZ_SEED` repeats a run. */
export function runs(inTests: number, nightly: number): Runs {
  const { GF25_FUZZ, GF25_FUZZ_SEED } = process.env;
  const isNightly = GF25_FUZZ === 'nightly';
  const seed = GF25_FUZZ_SEED === undefined ? (isNightly ? randomInt(2 ** 31) : 25) : Number(GF25_FUZZ_SEED);
  return { numRuns: isNightly ? nightly : inTests, seed };
}
