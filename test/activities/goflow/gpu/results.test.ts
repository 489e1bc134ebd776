import { describe, expect, test } from 'vitest';
import type { GoodAnswer } from '../../../../activities/goflow/gpu/ask.ts';
import { answerOf, labelsOf, type MadeWith, notApplicable } from '../../../../activities/goflow/gpu/results.ts';
import { answerSchema } from '../../../../workflows/goflow/contracts/media.ts';
import { definitionOf } from '../../../support/plans.ts';
import { image, inferenceOf } from '../../qa/answers.ts';

const accepted = inferenceOf('{}', {
  ...{ timings: { totalMs: 500 }, model: 'a-model:latest', usage: { promptTokens: 20 } },
});
const issue = { stage: 'structural', rule: 'json_parse', path: '', message: 'no JSON', action: 'reask' } as const;
const good: GoodAnswer = {
  result: { summary: 'a room' },
  userText: 'What is it?',
  verdicts: { structural: 'repaired', content: 'passed', domain: 'passed' },
  attempts: [{ issues: [issue] }, { issues: [] }],
  inferences: [
    inferenceOf('bad', { timings: { totalMs: 1_000.4567 }, usage: { promptTokens: 10, outputTokens: 5 } }),
    accepted,
  ],
  accepted,
  qaMs: 1.23456,
};
const made: MadeWith = {
  ...{ host: 'here', provider: 'ollama', serverVersion: '0.33.0', modelDigest: undefined },
  ...{ definition: definitionOf(), image },
  waitedForLaneMs: 12.3456,
};

describe('an answer for GoFlow', () => {
  test('has the result and how long the model took for it, all attempts together', () => {
    const { stored } = answerOf(good, made);
    expect(stored).toEqual({
      modelUsed: 'a-model:latest',
      model: 'a-model',
      userPromptUsed: 'What is it?',
      analysisResult: { summary: 'a room', processing_time_seconds: 1.5 },
    });
  });

  test('stays a valid one on its way through Temporal', () => {
    for (const answer of [answerOf(good, made), notApplicable(definitionOf())])
      expect(answerSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
  });
});

describe('what stays on our side', () => {
  test('is what the answer was made with', () => {
    expect(answerOf(good, made).provenance).toEqual({
      host: 'here',
      provider: 'ollama',
      model: 'a-model',
      serverVersion: '0.33.0',
      definitionVersion: 'object-detection@1',
      imageSha256: 'of these bytes',
      imageVariant: 'optimised',
      inferences: 2,
      waitedForLaneMs: 12.346,
      inferenceMs: 1500.457,
      qaMs: 1.235,
      promptTokens: 30,
      outputTokens: 5,
      issues: [],
      attempts: good.attempts,
    });
  });

  test('says nothing of what the server did not tell', () => {
    const silent = { ...good, inferences: [inferenceOf('{}')] };
    const { provenance } = answerOf(silent, { ...made, serverVersion: undefined });
    for (const name of ['serverVersion', 'promptTokens', 'outputTokens']) expect(provenance).not.toHaveProperty(name);
  });

  test('tells long texts apart from others by digests, and keeps none of their words', () => {
    const long = 'A room with a long table, six chairs, two windows and a lamp that hangs from the ceiling above it.';
    const digests = (summary: string) => answerOf({ ...good, result: { summary } }, made).texts;
    expect(digests('a room')).toEqual([]);
    expect(digests(long)).toEqual([expect.stringMatching(/^[\da-f]{12}$/)]);
    expect(digests(long.toUpperCase().replace(',', ';'))).toEqual(digests(long));
    expect(digests(`${long} And a cat.`)).not.toEqual(digests(long));
  });
});

test('a colour analysis of a greyscale image is a result for which no model was asked', () => {
  expect(notApplicable(definitionOf())).toEqual({
    stored: {
      modelUsed: 'none',
      model: 'a-model',
      userPromptUsed: '',
      analysisResult: { not_applicable: true, reason: 'the image is greyscale', processing_time_seconds: 0 },
    },
    labels: {},
  });
});

test.each([
  [
    {
      objects: [
        { name: 'Cat', bounding_box: {} },
        { name: 'cat', bounding_box: {} },
        { name: 'dog', bounding_box: {} },
      ],
    },
    { cat: 2, dog: 1 },
  ],
  [{ a: { b: [[{ name: 'cup', bounding_box: null }]] } }, { cup: 1 }],
  [{ objects: [{ name: 'no box' }, { bounding_box: {} }, { name: 7, bounding_box: {} }] }, {}],
  [{ colours: [{ name: 'red', hex: '#ff0000' }] }, {}],
  [{ objects: [{ name: 'x'.repeat(100), bounding_box: {} }] }, { ['x'.repeat(60)]: 1 }],
  [
    ['constructor', '__proto__', 'tostring'].map((name) => ({ name, bounding_box: {} })),
    Object.fromEntries([
      ['constructor', 1],
      ['__proto__', 1],
      ['tostring', 1],
    ]),
  ],
  [null, {}],
])('the labels of %j are %j', (value, labels) => expect(labelsOf(value)).toEqual(labels));
