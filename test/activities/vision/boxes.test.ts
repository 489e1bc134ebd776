import { describe, expect, test } from 'vitest';
import {
  type Box,
  boxJsonSchema,
  boxProperty,
  countsPixels,
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
    ['pixels-yx', [25, 100, 175, 300]],
    ['pixels-size', [100, 25, 200, 150]],
    ['pixels-yx-size', [25, 100, 150, 200]],
    ['rel1000', [100, 100, 300, 700]],
    ['rel1000-yx', [100, 100, 700, 300]],
    ['rel1000-size', [100, 100, 200, 600]],
    ['rel1000-yx-size', [100, 100, 600, 200]],
    // the image lies in the middle of a square of 1000 x 1000, from 375 to 625
    ['rel1000-yx-square', [400, 100, 550, 300]],
    ['rel1', [0.1, 0.1, 0.3, 0.7]],
    ['rel1-yx', [0.1, 0.1, 0.7, 0.3]],
    ['rel1-size', [0.1, 0.1, 0.2, 0.6]],
    ['rel1-yx-size', [0.1, 0.1, 0.6, 0.2]],
  ])('is the same from %s, written as %j', (mode, corners) => {
    expect(toPixels(corners, frame(mode))).toEqual(same);
  });

  test.each([[[300, 25, 100, 175]], [[100, 175, 300, 25]], [[300, 175, 100, 25]]])(
    'does not depend on which corners were named first: %j',
    (corners) => {
      expect(toPixels(corners, frame('pixels'))).toEqual(same);
    },
  );

  test('stands beside the image where a model wrote it into the bars of the square', () => {
    expect(toPixels([0, 100, 375, 300], frame('rel1000-yx-square'))).toEqual({
      ...{ x: 200, y: -1500 },
      ...{ width: 400, height: 1500 },
    });
  });

  test('in the square of an upright image has its bars left and right', () => {
    const upright = { sentWidth: 500, sentHeight: 1000, originalWidth: 1000, originalHeight: 2000 };
    expect(toPixels([0, 250, 1000, 750], { mode: 'rel1000-yx-square', ...upright })).toEqual({
      ...{ x: 0, y: 0 },
      ...{ width: 1000, height: 2000 },
    });
  });

  test('may be written with a negative width or height', () => {
    expect(toPixels([300, 175, -200, -150], frame('pixels-size'))).toEqual(same);
  });

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

describe.each(coordinateModeSchema.options)('%s', (mode) => {
  const isYFirst = mode.includes('-yx');
  const isSize = mode.endsWith('-size');

  test('is said to the model with the order and the range of the numbers', () => {
    const corners = isYFirst ? '[y1, x1, y2, x2]' : '[x1, y1, x2, y2]';
    const size = isYFirst ? '[y, x, height, width]' : '[x, y, width, height]';
    const unit = mode.split('-')[0] as 'pixels' | 'rel1000' | 'rel1';
    expect(describeBox(mode)).toBe(
      `box ${isSize ? size : corners}${{ pixels: ' in pixels of this', rel1000: ', each from 0 to 1000 relative to the', rel1: ', each from 0 to 1 relative to the' }[unit]} image`,
    );
    expect(countsPixels(mode)).toBe(unit === 'pixels');
  });

  test('is asked by the name under which models have learnt it', () => {
    expect(boxProperty(mode)).toBe(isSize ? 'bbox' : isYFirst ? 'box_2d' : 'bbox_2d');
  });

  test('has bounds in the grammar, so wide that a wrong unit stays visible', () => {
    const items = mode.startsWith('rel1-') || mode === 'rel1' ? { type: 'number', maximum: 1 } : { type: 'integer' };
    expect(boxJsonSchema(mode)).toEqual({
      ...{ type: 'array', minItems: 4, maxItems: 4 },
      items: { minimum: 0, maximum: 9999, ...items },
    });
  });
});

test.each([
  [1.04, 1],
  [1.05, 1.1],
  [-0.26, -0.3],
  [7, 7],
])('%d becomes %d, to a tenth', (value, rounded) => expect(tenth(value)).toBe(rounded));
