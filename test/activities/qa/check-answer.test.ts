import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import { defined, detection, rawAnswer, settings } from './answers.ts';

const check = (answer: unknown, definition: Definition = detection) =>
  checkAnswer({ ...rawAnswer(answer, definition), prompt: '', facts: {} }, settings);
const objectsOf = (label: string, bbox_2d: readonly number[]) => ({ objects: [{ label, confidence: 50, bbox_2d }] });

describe('an answer', () => {
  test('that passes all stages comes in the shape of GoFlow', () => {
    expect(check(objectsOf('cat', [0, 0, 10, 10]))).toEqual({
      isGood: true,
      issues: [],
      result: {
        objects_detected: [{ name: 'cat', confidence: 0.5, bounding_box: { x: 0, y: 0, width: 20, height: 20 } }],
      },
    });
  });

  test('with a small fault is mended, and says what was mended', () => {
    expect(check(objectsOf('cat', [-2, 0, 10, 10]))).toEqual({
      isGood: true,
      issues: [
        {
          stage: 'domain',
          rule: 'box_in_image',
          path: '',
          message: expect.stringContaining('clamped') as string,
          action: 'fix',
        },
      ],
      result: {
        objects_detected: [{ name: 'cat', confidence: 0.5, bounding_box: { x: 0, y: 0, width: 20, height: 20 } }],
      },
    });
  });

  test.each<[string, unknown, string]>([
    ['structural', 'no JSON', 'json'],
    ['structural', { objects: [{ label: 'n/a', confidence: 500, bbox_2d: [900, 0, 2000, 10] }] }, 'schema'],
    ['content', objectsOf('n/a', [900, 0, 2000, 10]), 'placeholder'],
    ['domain', objectsOf('cat', [900, 0, 2000, 10]), 'box-in-image'],
  ])('is stopped at the first stage that finds something: %s', (stage, answer, rule) => {
    expect(check(answer)).toMatchObject({ isGood: false, stage, issues: [{ rule }] });
  });

  test('may have no objects at all', () => {
    expect(check({ objects: [] })).toMatchObject({ isGood: true, result: { objects_detected: [] } });
  });

  test('is judged by the shape of its own definition', () => {
    const count = defined({ count: { type: 'integer' } });
    expect(check({ count: 3 }, count)).toMatchObject({ isGood: true, result: { count: 3 } });
    expect(check({ objects: [] }, count)).toMatchObject({ isGood: false, stage: 'structural' });
  });
});
