import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { readObject } from '../../../activities/qa/structural/reading.ts';
import type { Inference } from '../../../activities/vision/provider.ts';
import { answerOf, defined, detection, found, inferenceOf, settings } from './answers.ts';

const counted = defined({ things: { type: 'integer', maximum: 9 }, note: { type: 'string', maxLength: 20 } });
const whole = { things: 2, note: 'fine' };
const text = JSON.stringify(whole);
const box = (bbox_2d: string) => `{"objects": [{"label": "cat", "confidence": 9, "bbox_2d": ${bbox_2d}}]}`;

const issues = (answer: unknown, more: Partial<Inference> = {}, definition = counted) =>
  found(answerOf(answer, definition, { inference: inferenceOf(answer, more) }));

test.each<[string, unknown]>([
  ['as it should be', text],
  ['with space around it', `\n  ${JSON.stringify(whole, undefined, 2)}\n`],
  ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
  ['after a sentence', `Here it is: ${text}`],
  ['before a sentence with braces', `${text} I hope {this} helps.`],
])('a whole answer is taken %s', (_, answer) => expect(issues(answer)).toEqual([]));

describe.each<[string, unknown, string[]]>([
  ['in a list', `[${text}]`, ['json_parse reask']],
  ['beside another object', `${text}\n{"confidence": 3}`, ['json_parse reask']],
  ['with a property nobody asked for', { ...whole, reasoning: 'because' }, ['schema_extra fix reasoning']],
  ['with a key twice', '{"things": 1, "note": "fine", "things": 2}', ['json_duplicate_keys reask']],
  ['with an infinite number', '{"things": 1e999, "note": "fine"}', ['numbers_finite reask things']],
  ['with NaN', '{"things": NaN, "note": "fine"}', ['json_parse reask']],
  ['that refuses without JSON', 'I cannot do that.', ['json_present reask-fresh']],
  ['that is empty', '  ', ['json_present reask-fresh']],
  ['that is a list', '[1, 2]', ['json_present reask-fresh']],
  ['that breaks off', '{"things": 2, "note": "fi', ['json_parse reask']],
  ['with a key without quotes', '{things: 2}', ['json_parse reask']],
  ['that lacks a field', { things: 2 }, ['schema reask note']],
  ['with another type', { things: 'two', note: 'fine' }, ['schema reask things']],
  ['with a number in quotes', { things: '2', note: 'fine' }, ['numbers_quoted fix things']],
  ['with a number and more in quotes', { things: '2 or 3', note: 'fine' }, ['schema reask things']],
  ['with a number out of bounds', { things: 10, note: 'fine' }, ['schema reask things']],
  ['with a text that is too long', { things: 2, note: 'x'.repeat(21) }, ['schema reask note']],
  ['with null', { things: null, note: 'fine' }, ['schema reask things']],
  ['one level deeper', { answer: whole }, ['schema reask things', 'schema reask note']],
])('an answer %s', (_, answer, expected) => {
  test('is found out', () => expect(issues(answer)).toEqual(expected));
});

describe('an answer in another dialect', () => {
  test.each<[string, string]>([
    ['a comma after the last one', '{"things": 2, "note": "fine",}'],
    ['single quotes', "{'things': 2, 'note': 'fine'}"],
    ['comments', '{"things": 2, // two of "them"\n "note": "fine" /* {all} is well */}'],
    ['comments', '{"things": 2, "note": "fine" # ok\n}'.replace('#', '//')],
  ])('with %s is read all the same', (dialect, answer) => {
    const checked = checkAnswer(answerOf(answer, counted), settings);
    expect(checked).toMatchObject({ isGood: true, result: whole });
    expect(checked.issues).toMatchObject([{ rule: 'json_dialect', action: 'fix' }]);
    expect(checked.issues[0]?.message).toContain(dialect);
  });

  test("with Python's words, and all at once", () => {
    const definition = defined({ ok: { type: 'boolean' }, note: { type: 'string' } });
    const check = (answer: string) => checkAnswer(answerOf(answer, definition), settings);
    expect(check('{"ok": True, "note": "None, True"}')).toMatchObject({ result: { ok: true, note: 'None, True' } });
    const all = check(`{'ok': False, // no\n 'note': 'it\\'s "so", // here',}`);
    expect(all).toMatchObject({ result: { ok: false, note: 'it\'s "so", // here' } });
    expect(all.issues.map(({ rule }) => rule)).toEqual(Array.from({ length: 4 }, () => 'json_dialect'));
    expect(check('{"ok": None, "note": "x"}')).toMatchObject({ isGood: false });
  });

  test.each([
    '{"things": 2, "note": "fine",',
    "{'things': 2, 'note': 'fi",
    '{"things": 2, "note": ...}',
    '{things: 2, note: fine}',
    '{"things": 2 "note": "fine"}',
    '{"things": 2, "note": "a "red" door"}',
    'I see {two things} here.',
    "It's {'all' I can say}.",
  ])('is not made of what breaks off, lacks something or is prose: %s', (answer) => {
    expect(issues(answer)).toEqual(['json_parse reask']);
  });

  test('still has its keys once', () =>
    expect(issues("{'things': 1, 'note': 'fine', 'things': 2}")).toEqual([
      'json_dialect fix',
      'json_duplicate_keys reask',
    ]));

  test.each(['{"a": 1}{"b": 2}', '{"a": 1, "b": 2} or {"a": 3}', '{"a": 1}{"b": 2}{"a": 3}', '{"b": 2}\n{"a": 1}'])(
    'is one of several that do not say the same: %s',
    (given) => {
      expect(readObject(given).value).toBeUndefined();
      expect(readObject(given).fault).toContain('several objects');
    },
  );

  test('is found quickly in a long text', () => {
    expect(readObject(`{${"'".repeat(200_001)}}`).value).toBeUndefined();
    expect(readObject(`{${'/*'.repeat(200_000)}}`).value).toBeUndefined();
    expect(readObject(`{'${`\\'`.repeat(200_000)}}`).value).toBeUndefined();
    expect(readObject(`{${', '.repeat(100_000)}}`).value).toBeUndefined();
  });
});

test('boxes and percentages are taken from quotes, too, shares among them', () => {
  const answer = { objects: [{ label: 'cat', confidence: '0.91', bbox_2d: ['10', '10', '60.5', 60] }] };
  const checked = checkAnswer(answerOf(answer, detection), settings);
  expect(checked).toMatchObject({ isGood: true, result: { objects_detected: [{ confidence: 0.91 }] } });
  expect(checked.issues.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    'numbers_quoted objects.0.confidence',
    'percent_scale objects.0.confidence',
  ]);
});

test('what stands around an answer is told where the rule for it is on', () => {
  const qa = { json_alone: { on_fail: 'fix' } } as const;
  expect(issues(`Here it is: ${text}`, {}, { ...counted, qa })).toEqual(['json_alone fix']);
});

test('a key twice in different objects is none', () => {
  const objects = [1, 2].map((at) => ({ label: 'cat', confidence: 9 * at, bbox_2d: [at * 90, 9, at * 90 + 40, 50] }));
  expect(issues({ objects }, {}, detection)).toEqual([]);
});

test('what the server did not finish is not believed, however whole it looks', () => {
  expect(issues(whole, { finish: 'length' })).toEqual(['finish_stop retry-longer']);
  expect(issues(whole, { finish: 'incomplete' })).toEqual(['finish_complete reask-fresh']);
});

describe('corners', () => {
  const at = 'objects.0.bbox_2d';
  test.each<[string, string[]]>([
    ['[10, 10, 50, 50]', []],
    ['[50, 50, 10, 10]', [`box_order fix ${at}`]],
    ['[900, 10, 850, 50]', [`box_order fix ${at}`]],
    ['[1, 2, 1e999, 3]', [`numbers_finite reask ${at}.2`]],
  ])('%s', (corners, expected) => expect(issues(box(corners), {}, detection)).toEqual(expected));
});

test('a size below zero is told, and the box put right', () => {
  const definition = { ...detection, coordinates: 'pixels-size' as const };
  const sized = (bbox: readonly number[]) => ({ objects: [{ label: 'cat', confidence: 30, bbox }] });
  expect(issues(sized([10, 10, 40, 40]), {}, definition)).toEqual([]);
  expect(issues(sized([50, 50, -40, -40]), {}, definition)).toEqual(['box_order fix objects.0.bbox']);
});

test('faults of the shape are told by field, ten at most', () => {
  const objects = Array.from({ length: 30 }, () => ({ label: 'cat', confidence: 300, bbox_2d: [1, 2, 3, 4] }));
  const faults = issues({ objects }, {}, detection);
  expect(faults).toHaveLength(10);
  expect(faults[0]).toBe('schema reask objects.0.confidence');
});

describe('the object in a text', () => {
  test.each([
    ['{"a": "}"}', { a: '}' }],
    ['{"a": "\\"}"} and {b: 1}', { a: '"}' }],
    ['{"a": "\\\\"} and }', { a: '\\' }],
    ['{"a": {"b": {}}} {', { a: { b: {} } }],
    ['x {"a": 1}{"a": 2, "b": 2}', { a: 2, b: 2 }],
    ['{"b": 2}{"a": 1}{"a": 3, "b": 4}', { a: 3, b: 4 }],
    ['{}{"a": 1}{}', { a: 1 }],
    ['{"ä": "色"}', { ä: '色' }],
    ['<think>First: {"a": 1}. No, two.</think>\n{"a": 2}', { a: 2 }],
    ['{"a": 1} is a draft.</think>{"a": 2}', { a: 2 }],
    ['{"a": "</think>"}', { a: '</think>' }],
    ['```json\n{"a": 1}\n```\nCorrected:\n```json\n{"a": 2}\n```', { a: 2 }],
    ['{"a": 1, "b": [2]} as in {"b": [2]}', { a: 1, b: [2] }],
    ['{"a": 1} {"a": }', { a: 1 }],
    ['{"a": 1}\n{"a": 1}', { a: 1 }],
    ['{"a": 1}\nWait, there are two.\n{"a": 2}', { a: 2 }],
    ['{"a": 1}\nSorry {I miscounted}: {"a": 2}', { a: 2 }],
    ['Draft:\n{"a": 1}\n\n{"a": 2}', { a: 2 }],
    ['{"a": 1} or {"a": 2}. Corrected: {"a": 3}', { a: 3 }],
  ])('%s', (given, object) => expect(readObject(given).value).toEqual(object));

  test.each(['no brace', '}', '{ "a": 1', '[{"a": 1]', '{"a": 1,,}', 'NaN'])('is not in %s', (given) => {
    expect(readObject(given).value).toBeUndefined();
    expect(readObject(given).fault).toBeTruthy();
  });

  test.each([
    ...['{"a": 1}{"a": 2}', '{"a": 1}\nor\n{"a": 2}', '```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```'],
    ...['Two ways to see it: {"a": 1} and {"a": 2}', '{"a": 1} or {"a": 2} {"a": 1}'],
  ])('is one of several that do not say the same: %s', (given) => {
    expect(readObject(given).value).toBeUndefined();
    expect(readObject(given).fault).toContain('several objects');
  });

  test('is found quickly in a long text', () => {
    expect(readObject('{'.repeat(200_000)).value).toBeUndefined();
    expect(readObject(`{"a": "${'x'.repeat(500_000)}"} .`).value).toHaveProperty('a');
    expect(readObject('{"a": 1} '.repeat(200_000)).value).toEqual({ a: 1 });
  });
});
