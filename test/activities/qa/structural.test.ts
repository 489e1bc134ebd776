import { describe, expect, test } from 'vitest';
import { checkStructure, parseFirstObject } from '../../../activities/qa/structural.ts';
import type { Inference } from '../../../activities/vision/provider.ts';
import { defined, detection, rawAnswer } from './answers.ts';

const counted = defined({ count: { type: 'integer', maximum: 9 }, note: { type: 'string', maxLength: 20 } });
const whole = { count: 2, note: 'fine' };

/** Rules and remedies of what was found. */
const found = (answer: unknown, more?: Partial<Inference>, definition = counted) =>
  checkStructure(rawAnswer(answer, definition, more)).findings.map(({ rule, remedy }) => [rule, remedy]);

describe('a whole answer', () => {
  test.each([
    ['as it should be', JSON.stringify(whole)],
    ['with space around it', `\n  ${JSON.stringify(whole, undefined, 2)}\n`],
    ['in a fence', `\`\`\`json\n${JSON.stringify(whole)}\n\`\`\``],
    ['after a sentence', `Here it is: ${JSON.stringify(whole)}`],
    ['before a sentence with braces', `${JSON.stringify(whole)} I hope {this} helps.`],
    ['with more properties', JSON.stringify({ ...whole, reasoning: 'because' })],
  ])('is taken %s', (_, text) => {
    expect(checkStructure(rawAnswer(text, counted))).toEqual({ result: whole, findings: [] });
  });

  test('comes in the shape of GoFlow, its boxes in pixels of the original', () => {
    const answer = { objects: [{ label: 'cat', confidence: 90, bbox_2d: [100, 100, 300, 200] }] };
    expect(checkStructure(rawAnswer(answer, detection))).toEqual({
      findings: [],
      result: {
        objects_detected: [{ name: 'cat', confidence: 0.9, bounding_box: { x: 200, y: 200, width: 400, height: 200 } }],
      },
    });
  });

  test('is not believed when the server did not finish it, however whole it looks', () => {
    expect(found(whole, { finish: 'length' })).toEqual([['finish', 'retry-longer']]);
    expect(found(whole, { finish: 'incomplete' })).toEqual([['finish', 'reask-fresh']]);
  });
});

describe('no answer', () => {
  test.each([
    '',
    '   ',
    'I cannot do that.',
    '[1, 2]',
    '"count"',
    'null',
    '{',
    '{"count": 2, "note": "fi',
    '{count: 2}',
  ])('is %j', (text) => expect(found(text)).toEqual([['json', 'reask']]));
});

describe('an answer of another shape', () => {
  test.each<[string, object]>([
    ['lacks a field', { count: 2 }],
    ['has a field of another type', { count: '2', note: 'fine' }],
    ['has a number out of its bounds', { count: 10, note: 'fine' }],
    ['has a text that is too long', { count: 2, note: 'x'.repeat(21) }],
    ['has null for a field', { count: null, note: 'fine' }],
    ['lies one level deeper', { answer: whole }],
  ])('%s', (_, answer) => {
    const findings = found(answer);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(finding).toEqual(['schema', 'reask']);
  });

  test('has a number that is none: JSON can write what no computer holds', () => {
    expect(found('{"count": 1e999, "note": "fine"}')).toEqual([['schema', 'reask']]);
    expect(found('{"objects": [{"label": "x", "confidence": 1, "bbox_2d": [0, 0, 1e999, 1]}]}', {}, detection)).toEqual(
      [['schema', 'reask']],
    );
  });

  test('is told by field, for the model to correct', () => {
    const answer = { objects: [{ label: 'cat', confidence: 300, bbox_2d: [1, 2, 3, 4] }] };
    const { findings } = checkStructure(rawAnswer(answer, detection));
    expect(findings.map(({ message }) => message)).toEqual([expect.stringMatching(/^objects\.0\.confidence: .*100/)]);
  });

  test('is told in ten faults at most', () => {
    const objects = Array.from({ length: 30 }, () => ({ label: 'cat', confidence: 300, bbox_2d: [1, 2, 3, 4] }));
    expect(found({ objects }, {}, detection)).toHaveLength(10);
  });
});

describe('the first object in a text', () => {
  test.each([
    ['{"a": "}"}', { a: '}' }],
    ['{"a": "\\"}"} and {"b": 1}', { a: '"}' }],
    ['{"a": "\\\\"} and }', { a: '\\' }],
    ['{"a": {"b": {}}} {', { a: { b: {} } }],
    ['x {"a": 1}{"b": 2}', { a: 1 }],
    ['{"ä": "色"}', { ä: '色' }],
  ])('%s', (text, object) => expect(parseFirstObject(text)).toEqual(object));

  test.each(['no brace', '}', '{ "a": 1', '[{"a": 1]', '{"a": 1,}', 'NaN'])('is not in %s', (text) => {
    expect(parseFirstObject(text)).toBeUndefined();
  });

  test('is found quickly in a long text', () => {
    expect(parseFirstObject('{'.repeat(200_000))).toBeUndefined();
    expect(parseFirstObject(`{"a": "${'x'.repeat(500_000)}"} .`)).toHaveProperty('a');
  });
});
