import { describe, expect, test } from 'vitest';
import { openConversation, repair, userTextOf } from '../../../activities/qa/conversation.ts';
import type { Issue } from '../../../workflows/goflow/contracts/qa.ts';

type Remedy = 'reask' | 'reask-fresh' | 'retry-longer';

const sampling = { temperature: 0.1, seed: 25, maxTokens: 1_000 };
const opened = openConversation('What is it?', sampling);
const finding = (action: Issue['action'], message: string = action): Pick<Issue, 'message' | 'action'> => ({
  message,
  action,
});

test('a conversation opens with the prompt alone', () => {
  expect(opened).toEqual({ turns: [{ role: 'user', text: 'What is it?' }], sampling });
});

describe('after a bad answer', () => {
  test('that can be corrected, the answer and its faults are appended', () => {
    const { turns } = repair(opened, '{"bad": 1}', [finding('reask', 'a: too long'), finding('reask', 'b: missing')]);
    expect(turns).toEqual([
      { role: 'user', text: 'What is it?' },
      { role: 'assistant', text: '{"bad": 1}' },
      {
        role: 'user',
        text:
          'Your answer has these faults:\n1. a: too long\n2. b: missing\n' +
          'Give the whole corrected answer as one JSON object.',
      },
    ]);
  });

  test('that would anchor the next one, it starts over with the faults as rules', () => {
    const { turns } = repair(opened, "I can't", [finding('reask-fresh', 'describe what you see')]);
    expect(turns).toEqual([{ role: 'user', text: 'What is it?\n\nMind these points:\n1. describe what you see' }]);
  });

  test('that was cut, it starts over with twice the room', () => {
    const { turns, sampling: next } = repair(opened, '{"a', [finding('retry-longer', 'answer more briefly')]);
    expect(turns).toEqual([{ role: 'user', text: 'What is it?\n\nMind these points:\n1. answer more briefly' }]);
    expect(next.maxTokens).toBe(2_000);
  });

  test.each<[readonly Remedy[], number, number]>([
    [['reask', 'reask'], 3, 1_000],
    [['reask', 'reask-fresh'], 1, 1_000],
    [['reask-fresh', 'reask'], 1, 1_000],
    [['reask', 'retry-longer', 'reask-fresh'], 1, 2_000],
  ])('with %j the strongest remedy is taken for all', (remedies, turns, maxTokens) => {
    const next = repair(
      opened,
      'bad',
      remedies.map((remedy) => finding(remedy)),
    );
    expect(next.turns).toHaveLength(turns);
    expect(next.sampling.maxTokens).toBe(maxTokens);
    for (const remedy of remedies) expect(userTextOf(next)).toContain(remedy);
  });

  test.each<Remedy>(['reask', 'reask-fresh', 'retry-longer'])('the seed moves on: %s', (remedy) => {
    const once = repair(opened, 'bad', [finding(remedy)]);
    const twice = repair(once, 'bad', [finding(remedy)]);
    expect([once.sampling.seed, twice.sampling.seed]).toEqual([26, 27]);
    expect(once.sampling.temperature).toBe(0.1);
  });

  test('nothing is said of what was fixed, filtered or flagged', () => {
    const { turns } = repair(opened, 'bad', [finding('fix'), finding('reask', 'a: wrong'), finding('flag')]);
    expect(turns.at(-1)?.text).toContain('faults:\n1. a: wrong\nGive');
  });

  test('the conversation before it is not touched', () => {
    const before = structuredClone(opened);
    repair(opened, 'bad', [finding('reask')]);
    repair(opened, 'bad', [finding('retry-longer')]);
    expect(opened).toEqual(before);
  });
});

describe('a second repair', () => {
  test('goes on where the first one ended', () => {
    const once = repair(opened, 'bad 1', [finding('reask', 'one')]);
    const twice = repair(once, 'bad 2', [finding('reask', 'two')]);
    expect(twice.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(twice.turns.slice(0, 3)).toEqual(once.turns);
  });

  test('keeps the rules of the first one when it starts over again', () => {
    const once = repair(opened, 'bad 1', [finding('reask-fresh', 'one')]);
    const twice = repair(once, 'bad 2', [finding('retry-longer', 'two')]);
    expect(twice.turns).toHaveLength(1);
    expect(userTextOf(twice)).toBe('What is it?\n\nMind these points:\n1. one\n\nMind these points:\n1. two');
  });

  test('leaves out what was appended when it starts over', () => {
    const once = repair(opened, 'bad 1', [finding('reask', 'one')]);
    const twice = repair(once, 'bad 2', [finding('reask-fresh', 'two')]);
    expect(userTextOf(twice)).toBe('What is it?\n\nMind these points:\n1. two');
  });
});

test('what was sent as user is every word of it, and nothing else', () => {
  const next = repair(opened, 'the words of the model', [finding('reask', 'a: wrong')]);
  expect(userTextOf(opened)).toBe('What is it?');
  expect(userTextOf(next)).toBe(
    next.turns
      .filter(({ role }) => role === 'user')
      .map(({ text }) => text)
      .join('\n\n'),
  );
  expect(userTextOf(next)).not.toContain('the words of the model');
});
