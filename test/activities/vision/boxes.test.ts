import { describe, expect, test } from 'vitest';
import {
  type Box,
  describeBox,
  type Frame,
  modelBoxSchema,
  tenth,
  toPixels,
} from '../../../activities/vision/boxes.ts';
import { coordinateModeSchema, type CoordinateMode } from '../../../workflows/goflow/contracts/analysis.ts';

/** An image of 2000 x 1000 pixels, sent at half its width and a quarter of its height. */
const frame = (mode: CoordinateMode): Frame => ({
  mode,
  sentWidth: 1000,
  sentHeight: 250,
  originalWidth: 2000,
  originalHeight: 1000,
});

describe('a box in pixels of the original', () => {
  const same: Box = { x: 200, y: 100, width: 400, height: 600 };

  test.each<[CoordinateMode, readonly number[]]>([
    ['pixels', [100, 25, 300, 175]],
    ['rel1000', [100, 100, 300, 700]],
    ['rel1000-yx', [100, 100, 700, 300]],
    ['rel1', [0.1, 0.1, 0.3, 0.7]],
  ])('is the same from %s, written as %j', (mode, corners) => {
    expect(toPixels(corners, frame(mode))).toEqual(same);
  });

  test.each([[[300, 25, 100, 175]], [[100, 175, 300, 25]], [[300, 175, 100, 25]]])(
    'does not depend on which corners were named first: %j',
    (corners) => {
      expect(toPixels(corners, frame('pixels'))).toEqual(same);
    },
  );

  test('is rounded to a tenth of a pixel, in place and in size', () => {
    expect(toPixels([1 / 3, 1 / 3, 2 / 3, 2 / 3], frame('rel1'))).toEqual({
      x: 666.7,
      y: 333.3,
      width: 666.7,
      height: 333.3,
    });
  });

  test('is not bent into the image: that is for the domain stage to judge', () => {
    expect(toPixels([-10, -10, 1100, 300], frame('pixels'))).toEqual({ x: -20, y: -40, width: 2220, height: 1240 });
  });

  test('may be empty', () => {
    expect(toPixels([5, 5, 5, 5], frame('pixels'))).toEqual({ x: 10, y: 20, width: 0, height: 0 });
  });
});

describe('a box of a model', () => {
  test.each([[[1, 2, 3, 4]], [[-1, 0.5, 1e6, 4]], [[0, 0, 0, 0]]])('may be %j', (value) => {
    expect(modelBoxSchema('pixels').safeParse(value).success).toBe(true);
  });

  test.each([
    ['three numbers', [1, 2, 3]],
    ['five numbers', [1, 2, 3, 4, 5]],
    ['numbers in words', ['1', '2', '3', '4']],
    ['infinite', JSON.parse('[0, 0, 1e999, 1]')],
    ['not a number', [Number.NaN, 0, 1, 1]],
    ['an object', { x: 1, y: 2, width: 3, height: 4 }],
    ['a list in a list', [[1, 2, 3, 4]]],
    ['nothing', null],
  ])('may not be %s', (_, value) => {
    expect(modelBoxSchema('pixels').safeParse(value).success).toBe(false);
  });

  test('that is none is answered with what it should be', () => {
    const { error } = modelBoxSchema('rel1000').safeParse('here');
    expect(error?.issues.map(({ message }) => message)).toEqual([`must be a ${describeBox('rel1000')}`]);
  });
});

test.each(coordinateModeSchema.options)('the words for %s name the order and the range of the numbers', (mode) => {
  const words = describeBox(mode);
  expect(words).toMatch(mode.endsWith('yx') ? /^box \[y1, x1, y2, x2\]/ : /^box \[x1, y1, x2, y2\]/);
  expect(words).toContain({ pixels: 'pixels', rel1000: '1000', 'rel1000-yx': '1000', rel1: '0 to 1 ' }[mode]);
});

test.each([
  [1.04, 1],
  [1.05, 1.1],
  [-0.26, -0.3],
  [7, 7],
])('%d becomes %d, to a tenth', (value, rounded) => expect(tenth(value)).toBe(rounded));
