import { expect, test } from 'vitest';
import { measureBoxes } from '../../bench/boxes/measure.ts';
import { coordinateModeSchema } from '../../workflows/goflow/contracts/analysis.ts';

test('a mark in a picture of any size and EXIF orientation comes back within a pixel, in every way of writing it', async () => {
  const results = await measureBoxes({ sizes: 10, seed: 4 });
  expect(results.map(({ mode }) => mode)).toEqual(coordinateModeSchema.options);
  for (const { mode, boxes, mapped, seen, written } of results) {
    expect(boxes, mode).toBe(40);
    expect(mapped.max, mode).toBeLessThan(0.2);
    expect(seen.max, mode).toBeLessThan(1);
    // whole numbers cost what they cost: this is how one sees that the bench compares at all
    expect(written.max, mode).toBeGreaterThan(mapped.max);
  }
});
