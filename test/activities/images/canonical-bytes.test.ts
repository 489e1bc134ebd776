import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { normalised } from './pictures.ts';

/** The same on every machine: no noise, no random seed of libvips, no floating point. */
function drawn(width: number, height: number, channels: 1 | 3 | 4): Sharp {
  const pixels = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let index = 0; index < pixels.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[index] = (((index / channels) % width) >> 2) + (state >>> 27);
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/**
 * Hashes of the canonical bytes with sharp 0.35.5, seen on x64. A new sharp may change them: then all caches begin anew.
 */
const files: readonly [string, () => Sharp, string][] = [
  ['a JPEG that is made smaller', () => drawn(2000, 1500, 3).jpeg(), '6e123e7b9af4a86e'],
  ['a turned JPEG', () => drawn(900, 700, 3).withMetadata({ orientation: 6 }).jpeg(), '7c8a6f25faf2c015'],
  ['a greyscale JPEG', () => drawn(800, 600, 1).toColourspace('b-w').jpeg(), '69eb754ff15d85b6'],
  ['a CMYK JPEG', () => drawn(800, 600, 3).toColourspace('cmyk').jpeg(), '9a2c9727572f5809'],
  ['a PNG with another profile', () => drawn(800, 600, 3).withIccProfile('p3').png(), '88c6ac25d1b297df'],
  ['a PNG with alpha', () => drawn(801, 601, 4).png(), 'ae245b3a6f35bf06'],
  ['a PNG of 16 bits', () => drawn(800, 600, 3).toColourspace('rgb16').png(), 'ed12d235b792da90'],
  ['a WebP', () => drawn(800, 600, 3).webp({ lossless: true }), '7bf427b39620cada'],
];

const threads = sharp.concurrency();
afterEach(() => {
  sharp.concurrency(threads);
  sharp.simd(true);
});

test.each(files)('%s is the same bytes on every host', async (_, file, hash) => {
  const content = await file().toBuffer();
  const seen = new Set<string>();
  // hosts differ in their cores and in what their processors can do at once
  for (const [cores, simd] of [
    [threads, true],
    [1, true],
    [7, true],
    [2, false],
  ] as const) {
    sharp.concurrency(cores);
    sharp.simd(simd);
    seen.add(hashOf((await normalised(content)).bytes));
  }
  expect(seen.size).toBe(1);
  if (process.arch === 'x64') expect([...seen]).toEqual([hash]);
});
