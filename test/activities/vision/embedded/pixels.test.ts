import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { labOf } from '../../../../activities/vision/embedded/cielab.ts';
import { colourName } from '../../../../activities/vision/embedded/colour-names.ts';
import { measurePixels } from '../../../../activities/vision/embedded/pixels.ts';
import { imageOf, photograph, stripes } from './pictures.ts';

describe('the palette', () => {
  it('gives four flat colours their shares and names', async () => {
    const image = await imageOf(stripes(['#c81e1e', 160], ['#ffffff', 80], ['#1e3cc8', 48], ['#1e8c32', 32]));
    const { palette } = await measurePixels(image);
    expect(palette.map(({ name }) => name)).toEqual(['red', 'white', 'blue', 'green']);
    for (const [place, share] of [0.5, 0.25, 0.15, 0.1].entries()) expect(palette[place]?.share).toBeCloseTo(share, 1);
    expect(palette[1]?.hex).toBe('#ffffff');
    expect(palette.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1);
  });

  it('has one colour for a blank page', async () => {
    const { palette } = await measurePixels(await imageOf(stripes(['#202020', 300])));
    expect(palette).toEqual([{ hex: '#202020', name: 'black', share: 1 }]);
  });

  it('is the same for the same photograph, with three to six colours in order', async () => {
    const image = await photograph(5);
    const [first, second] = [await measurePixels(image), await measurePixels(image)];
    expect(second).toEqual(first);
    const shares = first.palette.map(({ share }) => share);
    expect(shares.length).toBeGreaterThanOrEqual(3);
    expect(shares.length).toBeLessThanOrEqual(6);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    for (const { hex } of first.palette) expect(hex).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe('a colour name', () => {
  it.each([
    [0, 0, 0, 'black'],
    [250, 250, 250, 'white'],
    [128, 128, 128, 'grey'],
    [220, 20, 60, 'red'],
    [255, 127, 80, 'orange'],
    [255, 223, 0, 'yellow'],
    [34, 139, 34, 'green'],
    [65, 105, 225, 'blue'],
    [106, 13, 173, 'purple'],
    [255, 182, 193, 'pink'],
    [120, 72, 32, 'brown'],
    [222, 184, 135, 'beige'],
  ])('of rgb(%i, %i, %i) is %s', (red, green, blue, name) => {
    expect(colourName(labOf(red, green, blue))).toBe(name);
  });
});

describe('the quality', () => {
  it('falls in sharpness the more a photograph is blurred', async () => {
    const { bytes } = await photograph(2);
    const sharpness = async (sigma: number) =>
      (await measurePixels(await imageOf(sigma ? sharp(bytes).blur(sigma) : sharp(bytes)))).quality.sharpness;
    const [original, slight, strong, total] = [
      await sharpness(0),
      await sharpness(2),
      await sharpness(4),
      await sharpness(12),
    ];
    expect(original).toBeGreaterThan(90);
    expect(slight).toBeLessThan(original);
    expect(strong).toBeLessThan(50);
    expect(total).toBeLessThan(15);
  });

  it('calls a blurred photograph poor, and says why', async () => {
    const { bytes } = await photograph(2);
    const { quality } = await measurePixels(await imageOf(sharp(bytes).blur(12)));
    expect(quality.verdict).toBe('poor');
    expect(quality.issues).toContain('blurred or without detail');
  });

  it.each([
    { factor: 0.15, offset: 0, exposure: 'under', issue: 'underexposed' },
    { factor: 0.4, offset: 190, exposure: 'over', issue: 'overexposed' },
    { factor: 0.1, offset: 110, exposure: 'normal', issue: 'low contrast' },
  ])('tells $issue ($factor x + $offset)', async ({ factor, offset, exposure, issue }) => {
    const { bytes } = await photograph(4);
    const { quality } = await measurePixels(await imageOf(sharp(bytes).linear(factor, offset)));
    expect(quality.exposure).toBe(exposure);
    expect(quality.issues).toContain(issue);
    expect(quality.verdict).not.toBe('good');
  });

  it('measures known levels', async () => {
    const image = await imageOf(stripes(['#000000', 100], ['#808080', 200], ['#ffffff', 100]));
    const { quality } = await measurePixels(image);
    expect(quality.brightness_mean).toBe(128);
    expect(quality.contrast).toBe(100);
    expect(quality.clipped_shadows_share).toBeCloseTo(0.25, 1);
    expect(quality.clipped_highlights_share).toBeCloseTo(0.25, 1);
    expect(quality.issues).toEqual(['shadows without detail', 'highlights without detail']);
  });
});
