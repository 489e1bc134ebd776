import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import { answerOf, defined, detection, found, settings } from './answers.ts';

const check = (answer: unknown, definition: Definition = detection) =>
  checkAnswer(answerOf(answer, definition), settings);
const objectsOf = (label: string, bbox_2d: readonly number[]) => ({ objects: [{ label, confidence: 50, bbox_2d }] });
const cat = {
  objects_detected: [{ name: 'cat', confidence: 0.5, bounding_box: { x: 0, y: 0, width: 20, height: 20 } }],
};

describe('an answer', () => {
  test('that passes all stages comes in the shape of GoFlow', () => {
    expect(check(objectsOf('cat', [0, 0, 10, 10]))).toEqual({ isGood: true, issues: [], result: cat });
  });

  test('with a small fault is mended, and says what was mended', () => {
    const path = 'objects_detected.0.bounding_box';
    expect(check(objectsOf('cat', [-2, 0, 10, 10]))).toEqual({
      isGood: true,
      issues: [
        {
          ...{ stage: 'domain', rule: 'box_in_image', path, action: 'fix' },
          message: expect.stringMatching(/^objects\.0\.bbox_2d: \[-2, 0, 10, 10\] leaves the image/) as string,
        },
      ],
      result: cat,
    });
  });

  test.each<[string, unknown, string]>([
    ['structural', 'no JSON', 'json_present'],
    ['structural', { objects: [{ label: 'n/a', confidence: 500, bbox_2d: [900, 0, 2000, 10] }] }, 'schema'],
    ['content', objectsOf('n/a', [900, 0, 2000, 10]), 'placeholder'],
    ['domain', objectsOf('cat', [900, 0, 2000, 10]), 'box_in_image'],
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

  test('may be lived with when all its faults may, and then holds what was found', () => {
    const people = defined({ people_count: { type: 'integer' }, people: { type: 'list', items: { type: 'string' } } });
    const people_count = { people_count: 2, people: ['a tall man'] };
    expect(check(people_count, people)).toMatchObject({ isGood: false, stage: 'domain', tolerable: people_count });
    const refused = { people_count: 2, people: ["I can't help with this image."] };
    expect(check(refused, people)).not.toHaveProperty('tolerable');
  });
});

describe('a definition', () => {
  const twice = { objects: [0, 1].map(() => ({ label: 'cat', confidence: 50, bbox_2d: [0, 0, 100, 100] })) };

  test('may turn a rule off', () => {
    expect(found(answerOf(twice, detection))).toEqual(['box_duplicates filter objects_detected.1.bounding_box']);
    expect(found(answerOf(twice, { ...detection, qa: { box_duplicates: 'off' } }))).toEqual([]);
  });

  test('may react otherwise, and with other params', () => {
    const flag = { ...detection, qa: { box_duplicates: { on_fail: 'flag' } } } as const;
    expect(found(answerOf(twice, flag))).toEqual(['box_duplicates flag objects_detected.1.bounding_box']);
    const labels = {
      ...detection,
      qa: { label_vocabulary: { on_fail: 'reask', params: { labels: ['dog'] } } },
    } as const;
    expect(found(answerOf(objectsOf('Dogs', [0, 0, 10, 10]), labels))).toEqual([
      'label_vocabulary reask objects_detected.0.name',
    ]);
  });
});
