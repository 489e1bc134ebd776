import { describe, expect, test } from 'vitest';
import { type Canon, sizeOnGrid } from '../../../activities/images/normalise.ts';
import { canon } from './pictures.ts';

describe('the size in which an image is sent', () => {
  test.each([
    // too small: enlarged, because the engine would
    [640, 480, 1036, 784],
    [480, 640, 784, 1036],
    [720, 480, 1120, 756],
    // in the range: moved to the grid and no further
    [1344, 1008, 1344, 1008],
    [1000, 1000, 1008, 1008],
    // too large: made smaller
    [4000, 3000, 1652, 1232],
    [4096, 4096, 1428, 1428],
  ])('of %i x %i pixels is %i x %i', (width, height, sentWidth, sentHeight) => {
    expect(sizeOnGrid(width, height, canon)).toEqual({ width: sentWidth, height: sentHeight });
  });

  const canons: readonly [string, Canon][] = [
    ['qwen2.5-vl', canon],
    ['qwen3-vl', { gridPixels: 32, minPixels: 1_048_576, maxPixels: 4_194_304 }],
    ['no grid', { gridPixels: 1, minPixels: 1, maxPixels: 2_000_000 }],
  ];

  test.each(canons)('lies on the grid and in the range of %s, with the shape kept', (_, by) => {
    for (let width = 480; width <= 4096; width += 113) {
      for (let height = Math.max(480, width % 97); height <= 4096; height += 131) {
        const size = sizeOnGrid(width, height, by);
        const what = `${width} x ${height} became ${size.width} x ${size.height}`;
        expect([size.width % by.gridPixels, size.height % by.gridPixels], what).toEqual([0, 0]);
        expect(size.width * size.height, what).toBeLessThanOrEqual(by.maxPixels);
        expect(size.width * size.height, what).toBeGreaterThanOrEqual(by.minPixels);
        // a grid step on each side at most, on the shorter one the more
        const stretch = size.width / size.height / (width / height);
        expect(Math.abs(Math.log(stretch)), what).toBeLessThan((2 * by.gridPixels) / Math.min(size.width, size.height));
      }
    }
  });
});
