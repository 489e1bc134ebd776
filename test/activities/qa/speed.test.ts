import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { answerOf, defined, plainPixels, settings } from './answers.ts';

const definition = defined({
  texts: { type: 'list', maxItems: 20, items: { type: 'string', maxLength: 2000 } },
  objects: {
    type: 'list',
    items: { type: 'object', fields: { name: { type: 'string' }, box: { type: 'box' } } },
  },
});
const levels = Uint8Array.from({ length: 256 * 128 * 3 }, (_, n) => (n * 7919) % 251);
const facts = { pixels: plainPixels('#808080', { picture: { levels, width: 256, height: 128 } }) };
const objects = Array.from({ length: 50 }, (_, n) => {
  const [x, y] = [(n * 137) % 900, (n * 61) % 430];
  return { name: `thing ${'abcdefgh'[n % 8] ?? ''}`, bbox_2d: [x, y, x + 40 + (n % 7), y + 50 + (n % 11)] };
});

/** Texts that make careless expressions go back and forth without end. */
test.each([
  ['prose', 'A red bicycle leans against the wall of a small house in the evening sun. '],
  ['one letter', 'a'],
  ['one word', 'here '],
  ['brackets', '[a '],
  ['quotes', '"a '],
  ['angles', '<b '],
  ['stars', '**a'],
  ['pipes', '|a'],
  ['digits', '1,'],
  ['another script', '一个'],
  ['verbs', "I can't see "],
])('the longest answer of %s is checked in a blink', (_, part) => {
  const text = part.repeat(2_000).slice(0, 2_000);
  const answer = answerOf({ texts: Array.from({ length: 20 }, () => text), objects }, definition, { facts });
  checkAnswer(answer, settings);
  const startedAt = performance.now();
  checkAnswer(answer, settings);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
