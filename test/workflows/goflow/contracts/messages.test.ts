import { describe, expect, test } from 'vitest';
import {
  newsSchema,
  stagedSchema,
  wordDescriptions,
  wordSchemas,
  wordSignals,
  wordUpdates,
  type Word,
} from '../../../../workflows/goflow/contracts/messages.ts';

const good: readonly [Word, unknown][] = [
  ['retry', {}],
  ['retry', { mediaId: 'm' }],
  ['retry', { analysisId: 'a' }],
  ['retry', { mediaId: 'm', analysisId: 'a' }],
  ['retry', { step: 'report' }],
  ['accept', { reason: 'good enough' }],
  ['pause', {}],
  ['resume', {}],
  ['cancel', { reason: 'wrong job' }],
];

test.each(good)('%s takes %j', (word, input) => {
  expect(wordSchemas[word].safeParse(input)).toEqual({ success: true, data: input });
});

const bad: readonly [Word, unknown][] = [
  ['retry', { mediaID: 'm' }],
  ['retry', { media: 'm' }],
  ['retry', { mediaId: '' }],
  ['retry', { mediaId: 7 }],
  ['retry', { mediaId: null }],
  ['retry', { analysisId: ['a'] }],
  ['retry', { step: 'results' }],
  ['retry', { step: 'report', mediaId: 'm' }],
  ['retry', []],
  ['retry', 'report'],
  ['retry', undefined],
  ['retry', null],
  ['accept', {}],
  ['accept', { reason: '' }],
  ['accept', { reason: 7 }],
  ['accept', { reason: 'x', force: true }],
  ['accept', 'x'],
  ['pause', { now: true }],
  ['pause', []],
  ['pause', undefined],
  ['resume', { reason: 'x' }],
  ['resume', null],
  ['cancel', {}],
  ['cancel', { reason: '' }],
  ['cancel', { reason: 'x', mediaId: 'm' }],
];

test.each(bad)('%s refuses %j', (word, input) => {
  expect(wordSchemas[word].safeParse(input).success).toBe(false);
});

test('a word is a signal and an update of the same name, and describes itself', () => {
  const words = Object.keys(wordSchemas) as Word[];
  expect(words).toEqual(['retry', 'accept', 'pause', 'resume', 'cancel']);
  for (const word of words) {
    expect(wordSignals[word].name).toBe(word);
    expect(wordUpdates[word].name).toBe(word);
    expect(wordDescriptions[word]).not.toBe('');
  }
});

describe('news of the io workers', () => {
  test.each([
    { accepted: {} },
    { accepted: { m: ['a', 'b'] } },
    { accepted: {}, waitingForGoflow: null },
    { accepted: {}, waitingForGoflow: { sinceMs: 1, call: 'results', reason: 'x' } },
  ])('may be %j', (news) => {
    expect(newsSchema.safeParse(news)).toEqual({ success: true, data: news });
  });

  test.each([
    undefined,
    null,
    {},
    'news',
    { accepted: ['m'] },
    { accepted: { m: 'a' } },
    { accepted: {}, waitingForGoflow: {} },
    { accepted: {}, waitingForGoflow: { sinceMs: 'now', call: 'results', reason: 'x' } },
    { gf25Undecodable: 'bad bytes' },
  ])('is not %j', (news) => {
    expect(newsSchema.safeParse(news).success).toBe(false);
  });
});

test.each([
  [{ mediaId: 'm' }, true],
  [{ mediaId: 'm', host: 'h' }, true],
  [{ mediaId: 'm', host: 7 }, false],
  [{ host: 'h' }, false],
  [undefined, false],
  [{ gf25Undecodable: 'bad bytes' }, false],
])('an image that says %j of itself is understood: %s', (said, isUnderstood) => {
  expect(stagedSchema.safeParse(said).success).toBe(isUnderstood);
});
