import { describe, expect, test } from 'vitest';
import { checkContent, textsOf } from '../../../activities/qa/content.ts';
import { parsedAnswer, settings } from './answers.ts';

const found = (text: string) => checkContent(parsedAnswer({ note: text })).map(({ rule }) => rule);

describe('a refusal, by the shipped patterns', () => {
  test.each([
    "I can't help with that.",
    'Unfortunately I cannot identify people.',
    'i am unable to see the image',
    "I'm sorry, but no.",
    'As an AI I do not see images.',
  ])('is %j', (text) => expect(found(text)).toEqual(['refusal']));

  test.each(['The sign says "cannot enter".', 'A wide room with two people', 'An air conditioner'])(
    'is not %j',
    (text) => expect(found(text)).toEqual([]),
  );
});

describe('a placeholder, by the shipped patterns', () => {
  test.each(['Lorem ipsum dolor', 'string', ' String ', 'N/A', 'na', 'Your description here', 'example text'])(
    'is %j',
    (text) => expect(found(text)).toEqual(['placeholder']),
  );

  test.each(['A string instrument on a chair', 'Nairobi', 'A good example of art nouveau'])('is not %j', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('a finding', () => {
  test('names the place, and asks anew without the bad answer', () => {
    const result = { objects: [{ name: 'cat' }, { name: 'n/a' }], summary: "I can't" };
    expect(checkContent(parsedAnswer(result))).toEqual([
      { rule: 'placeholder', message: 'objects.1.name: give a real value, not a placeholder', remedy: 'reask-fresh' },
      { rule: 'refusal', message: 'summary: describe what you see instead of refusing', remedy: 'reask-fresh' },
    ]);
  });

  test('comes from the patterns of the plan alone', () => {
    const result = { note: 'TODO' };
    expect(checkContent(parsedAnswer(result))).toEqual([]);
    const more = { settings: { ...settings, placeholderPatterns: ['^todo$'] } };
    expect(checkContent(parsedAnswer(result, more))).toHaveLength(1);
  });
});

test('the texts of an answer are found wherever they stand', () => {
  const result = { a: 'one', b: [{ c: 'two' }, ['three', 4]], d: { e: { f: '' } }, g: null, h: true };
  expect([...textsOf(result)]).toEqual([
    { path: 'a', text: 'one' },
    { path: 'b.0.c', text: 'two' },
    { path: 'b.1.0', text: 'three' },
    { path: 'd.e.f', text: '' },
  ]);
});
