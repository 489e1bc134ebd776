import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { answerOf, defined, detection, found, settings } from './answers.ts';

const thing = (label: string, confidence: unknown, left: number) => ({
  ...{ label, confidence },
  bbox_2d: [left, 10, left + 60, 90],
});
const objectsOf = (...confidences: unknown[]) => ({
  objects: confidences.map((confidence, index) =>
    thing(['cat', 'dog', 'tree'][index] ?? 'cup', confidence, index * 100),
  ),
});

/** The confidences of a result, and whether it was told that they were rescaled. */
function judged(answer: unknown, definition = detection) {
  const checked = checkAnswer(answerOf(answer, definition), settings);
  const result = checked.isGood ? checked.result : {};
  const objects = (result['objects_detected'] ?? []) as { confidence: number }[];
  const told = checked.issues.filter(({ rule }) => rule === 'percent_scale').length;
  return { isGood: checked.isGood, confidences: objects.map(({ confidence }) => confidence), told };
}

describe('confidences', () => {
  test.each<[string, unknown[], number[], number]>([
    ['0 to 100, one of them 1', [87, 1, 40], [0.87, 0.01, 0.4], 0],
    ['0 to 1, one of them 1', [0.87, 1, 0.4], [0.87, 1, 0.4], 1],
    ['0 to 1, all of them 1', [1, 1, 1], [1, 1, 1], 1],
    ['0 to 1, as whole numbers', [1, 0, 1], [1, 0, 1], 1],
    ['of nothing', [0, 0], [0, 0], 0],
    ['with a long fraction', [0.333_333_3, 0.5], [0.33, 0.5], 1],
  ])('%s', (_, written, confidences, told) => {
    expect(judged(objectsOf(...written))).toEqual({ isGood: true, confidences, told });
  });

  test('of both kinds in one answer are asked again', () => {
    expect(found(answerOf(objectsOf(87, 0.4), detection))).toEqual(['schema reask objects.1.confidence']);
  });

  test('below zero are asked again', () => {
    expect(found(answerOf(objectsOf(-0.5, 0.4), detection))[0]).toMatch(/^schema reask objects\.0\.confidence/);
  });

  test('decide together with every other percentage of the answer', () => {
    const definition = defined({ sky_share: { type: 'percent' }, confidence: { type: 'percent' } });
    const resultOf = (answer: object) => {
      const checked = checkAnswer(answerOf(answer, definition), settings);
      return checked.isGood ? checked.result : undefined;
    };
    expect(resultOf({ sky_share: 60, confidence: 1 })).toEqual({ sky_share: 0.6, confidence: 0.01 });
    expect(resultOf({ sky_share: 0.6, confidence: 1 })).toEqual({ sky_share: 0.6, confidence: 1 });
    expect(resultOf({ sky_share: 1, confidence: 90 })).toEqual({ sky_share: 0.01, confidence: 0.9 });
  });

  test('a share of one percent alone stays one', () => {
    const definition = defined({ covered_share: { type: 'percent' } });
    expect(checkAnswer(answerOf({ covered_share: 1 }, definition), settings)).toMatchObject({
      isGood: true,
      result: { covered_share: 0.01 },
    });
  });

  test('are read alike by plans of earlier releases, whose rules do not tell of it', () => {
    const { rules } = settings;
    const structural = rules.structural.filter(({ rule }) => rule !== 'percent_scale');
    const checked = checkAnswer(answerOf(objectsOf(1), detection), { ...settings, rules: { ...rules, structural } });
    expect(checked).toMatchObject({ isGood: true, issues: [], result: { objects_detected: [{ confidence: 1 }] } });
  });
});
