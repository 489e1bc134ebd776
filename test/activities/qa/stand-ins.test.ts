import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../../activities/qa/check-answer.ts';
import { loadConfig } from '../../../config/load.ts';
import { answerOf, defined, found, settings } from './answers.ts';

const { bySlug } = loadConfig([], {}).definitions;
const shipped = (slug: string) => bySlug.get(slug) ?? defined({});
const box = (n: number) => [10 + n * 60, 10 + n * 7, 50 + n * 60, 90 + n * 11];

const read = (...texts: string[]) => ({
  texts: texts.map((text, n) => ({ text, kind: 'sign', confidence: 60 + n, bbox_2d: box(n) })),
  full_text: texts.join('\n'),
  languages: ['English'],
});
const brands = (...names: string[]) => ({
  brands: names.map((label, n) => ({ label, kind: 'logo', is_legible: true, confidence: 60 + n, bbox_2d: box(n) })),
});
const sign = (text: string) => ({
  signs: [{ label: 'way out', kind: 'emergency', text, confidence: 80, bbox_2d: box(0) }],
});

/** Whether what was read is taken for no words but what stands in for them. */
const isStandIn = (slug: string, answer: object) =>
  found(answerOf(answer, shipped(slug))).some((issue) => issue.startsWith('placeholder reask-fresh'));

describe('what stands in for words that were to be read is asked again', () => {
  test.each([
    ...['null', 'undefined', 'string', '"string"', '<text>', '[text]', '{text}', '{{text}}', '${anything}'],
    ...['your text here', 'Insert text here', 'Text here', '[none]', '<null>', '[no text]', '<your text>', 'text_1'],
  ])('text: %s', (text) => {
    expect(isStandIn('text-recognition', read(text))).toBe(true);
    expect(isStandIn('text-recognition', read('OPEN', text))).toBe(true);
  });
  test.each(['<brand>', '[brand name]', '{{brand}}', 'brand_name', 'Your brand here', 'null', 'String'])(
    'brand: %s',
    (name) => expect(isStandIn('brand-detection', brands('Acme', name))).toBe(true),
  );
  test('and so are words of a template, where nothing else was read', () => {
    expect(isStandIn('text-recognition', read('Text'))).toBe(true);
    expect(isStandIn('brand-detection', brands('Brand name', 'brand label'))).toBe(true);
    expect(isStandIn('sign-detection', sign('Sign text'))).toBe(true);
    expect(isStandIn('sign-detection', sign('null'))).toBe(true);
  });
});

describe('what a sign may say is read', () => {
  test.each([
    ...['[?]', '[EXIT]', '[ OK ]', '<b>HTML</b>', '<body>', '</div>', 'YOUR AD HERE', 'N/A', 'None', 'NAN', 'Nothing'],
    ...[
      '100',
      '{ color: red }',
      'Enter',
      'READ_ME',
      '(new)',
      'Enter your email',
      'Null Bock',
      'no_reply',
      'A',
      '[illegible]',
    ],
  ])('text: %s', (text) => expect(isStandIn('text-recognition', read('OPEN', text))).toBe(false));
  test.each([
    ['100'],
    ['N/A'],
    ['You are here'],
    ['None'],
    ['[?]'],
    ['A'],
    ['FULL'],
    ['(none)'],
    ['Recognition'],
    ['SAMPLE'],
  ])('text alone: %s', (text) => expect(isStandIn('text-recognition', read(text))).toBe(false));
  test.each([['LINE 2'], ['Line 1'], ['NAME'], ['Content'], ['NULL'], ['Label']])('a print alone: %s', (text) =>
    expect(isStandIn('text-recognition', read(text))).toBe(false),
  );
  test.each([['name'], ['content'], ['Text'], ['String'], ['null']])('but not %s', (text) =>
    expect(isStandIn('text-recognition', read(text))).toBe(true),
  );
  test('and a form has fields called so', () => {
    expect(isStandIn('text-recognition', read('Name', 'Text', 'Address'))).toBe(false);
    expect(isStandIn('brand-detection', brands('unknown'))).toBe(false);
    expect(isStandIn('brand-detection', brands('Sample'))).toBe(false);
    expect(isStandIn('sign-detection', sign(''))).toBe(false);
  });
});

test('a sign that says so indeed is delivered, as degraded', () => {
  const checked = checkAnswer(answerOf(read('YOUR TEXT HERE', 'Call 555'), shipped('text-recognition')), settings);
  expect(checked).toMatchObject({
    isGood: false,
    stage: 'content',
    tolerable: { full_text: 'YOUR TEXT HERE\nCall 555' },
  });
});

describe('a text about the field instead of the image', () => {
  const description = shipped('image-description');
  const check = (image_description: string) => found(answerOf({ image_description }, description));
  test.each([
    'The description of the image goes in this field.',
    'This field contains a detailed description of the picture.',
    'A caption that describes the content of the photo in one sentence.',
    'Here the summary of what is visible in the scene should be provided.',
    'Put the description here. It must be at most 1200 characters.',
    'The value of this field is the text that describes the image.',
  ])('%s', (text) => expect(check(text)).not.toEqual([]));
  test.each([
    'A field with a fence, seen from above, and the shadow of a tree.',
    'A page of text with a caption below each picture of a bird.',
    'The description of the exhibit hangs in a frame beside the vase.',
    'An output of a printer: three sheets of paper with a table.',
    'A scene in a playground: one child gives another a ball.',
  ])('is none: %s', (text) => expect(check(text)).toEqual([]));
});
