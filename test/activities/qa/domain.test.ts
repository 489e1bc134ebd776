import { describe, expect, test } from 'vitest';
import { checkDomain } from '../../../activities/qa/domain.ts';
import type { Box } from '../../../activities/vision/boxes.ts';
import { image, parsedAnswer } from './answers.ts';

/** The image is 2000 x 1000 pixels and was sent at half of that: 8 pixels of overshoot count as 16. */
const check = (box: Box) => {
  const result = { place: { ...box } };
  return { result, ...checkDomain(parsedAnswer(result)) };
};

describe('a box in the image', () => {
  test.each<Box>([
    { x: 0, y: 0, width: 2000, height: 1000 },
    { x: 10, y: 10, width: 0.1, height: 0.1 },
    { x: 1999, y: 999, width: 1, height: 1 },
  ])('is left as it is: %j', (box) => {
    expect(check(box)).toEqual({ result: { place: box }, findings: [], fixes: [] });
  });
});

describe('a box that overshoots a little is cut to the image', () => {
  test.each<[string, Box, Box]>([
    ['on the left', { x: -16, y: 0, width: 100, height: 100 }, { x: 0, y: 0, width: 84, height: 100 }],
    ['at the top', { x: 0, y: -3.3, width: 100, height: 100 }, { x: 0, y: 0, width: 100, height: 96.7 }],
    ['on the right', { x: 1900, y: 0, width: 116, height: 100 }, { x: 1900, y: 0, width: 100, height: 100 }],
    ['at the bottom', { x: 0, y: 900.4, width: 100, height: 110 }, { x: 0, y: 900.4, width: 100, height: 99.6 }],
    ['on all sides', { x: -10, y: -10, width: 2020, height: 1020 }, { x: 0, y: 0, width: 2000, height: 1000 }],
  ])('%s', (_, box, cut) => {
    const { result, findings, fixes } = check(box);
    expect(result.place).toEqual(cut);
    expect(findings).toEqual([]);
    expect(fixes).toEqual([expect.stringMatching(/^place: x .* leaves the image of 2000 x 1000: clamped$/)]);
  });

  test('by the scale between what the model saw and the original', () => {
    const full = { ...image, width: 2000, height: 1000 };
    const at = (x: number, seen = image) =>
      checkDomain(parsedAnswer({ a: { x, y: 0, width: 100, height: 100 } }, { image: seen })).findings.length;
    expect([at(-8, full), at(-8.1, full)]).toEqual([0, 1]);
    expect([at(-16), at(-16.1)]).toEqual([0, 1]);
  });
});

describe('a box is asked again', () => {
  test.each<[string, Box, string]>([
    ['far out on the left', { x: -17, y: 0, width: 100, height: 100 }, 'box-in-image'],
    ['far out on the right', { x: 1950, y: 0, width: 100, height: 100 }, 'box-in-image'],
    ['far out at the bottom', { x: 0, y: 990, width: 10, height: 100 }, 'box-in-image'],
    ['outside altogether', { x: 5000, y: 5000, width: 10, height: 10 }, 'box-in-image'],
    ['outside by less than may be cut', { x: -10, y: 0, width: 8, height: 100 }, 'box-in-image'],
    ['touching the image from outside', { x: 0, y: 1000, width: 8, height: 8 }, 'box-in-image'],
    ['without width', { x: 5, y: 5, width: 0, height: 10 }, 'box-size'],
    ['without height', { x: 5, y: 5, width: 10, height: 0 }, 'box-size'],
  ])('%s', (_, box, rule) => {
    const { result, findings, fixes } = check(box);
    expect(findings).toMatchObject([{ rule, remedy: 'reask' }]);
    expect(findings[0]?.message).toMatch(/^place: /);
    expect({ result, fixes }).toEqual({ result: { place: box }, fixes: [] });
  });
});

describe('the boxes of an answer', () => {
  test('are found wherever they stand, and named by their place', () => {
    const out = { x: 3000, y: 0, width: 10, height: 10 };
    const result = {
      objects: [
        { name: 'a', box: { ...out } },
        { name: 'b', box: { ...out } },
      ],
      all: [[{ ...out }]],
    };
    expect(checkDomain(parsedAnswer(result)).findings.map(({ message }) => message.split(':')[0])).toEqual([
      'objects.0.box',
      'objects.1.box',
      'all.0.0',
    ]);
  });

  test('are told apart from other objects', () => {
    const result = { size: { width: -1, height: -1 }, point: { x: -99, y: -99 }, list: [1, null, 'x'], no: null };
    expect(checkDomain(parsedAnswer(result))).toEqual({ findings: [], fixes: [] });
  });
});
