import { describe, expect, test } from 'vitest';
import { ask, type Asked, type Question } from '../../../../activities/goflow/gpu/ask.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import type { ScriptAction } from '../../../stand-ins/vision/script.ts';
import { failureOf } from '../../../support/activity.ts';
import { defined, detection, inferenceOf, settings } from '../../qa/answers.ts';
import { imageForModel, ollamaStandIn } from '../../vision/inferences.ts';

const never = new AbortController().signal;
const described = defined({ summary: { type: 'string', maxLength: 200 } });
const text = (value: string): ScriptAction => ({ kind: 'text', text: value });
const goodText = '{"summary": "a room with a table"}';
const good = text(goodText);
const refused = '{"summary": "I am sorry, I cannot help with that."}';

async function questionOf(overrides: Partial<Question> = {}): Promise<Question> {
  return {
    definition: described,
    systemPrompt: 'You look at images.',
    prompt: 'What is it?',
    image: await imageForModel(),
    settings,
    inferenceTimeoutMs: 20_000,
    ...overrides,
  };
}

/** Asks a stand-in that answers in this order. */
async function asking(actions: readonly ScriptAction[], overrides: Partial<Question> = {}) {
  const { server, provider } = await ollamaStandIn();
  server.script.add(...actions.map((action) => ({ action })));
  const question = await questionOf(overrides);
  return { server, answer: ask(provider, question, never) };
}

describe('a good answer', () => {
  test('is taken at once', async () => {
    const { server, answer } = await asking([good]);
    expect(await answer).toMatchObject({
      result: { summary: 'a room with a table' },
      userText: 'What is it?',
      verdicts: { structural: 'passed', content: 'passed', domain: 'passed' },
      attempts: [{ issues: [] }],
      inferences: [{ text: goodText }],
    });
    expect(server.calls()).toHaveLength(1);
    expect(server.calls()[0]?.messages).toEqual([
      { role: 'system', text: 'You look at images.' },
      { role: 'user', text: 'What is it?' },
    ]);
  });

  test('with a box a little outside is mended without asking again, and says so', async () => {
    const box = text('{"objects": [{"label": "cat", "confidence": 50, "bbox_2d": [-2, 0, 100, 100]}]}');
    const { server, answer } = await asking([box], { definition: detection });
    expect(await answer).toMatchObject({
      verdicts: { structural: 'passed', content: 'passed', domain: 'repaired' },
      attempts: [{ issues: [{ stage: 'domain', rule: 'box_in_image', action: 'fix' }] }],
    });
    expect(server.calls()).toHaveLength(1);
  });
});

describe('an answer about a greyscale image', () => {
  const grey = async (wanted: 'any' | 'greyscale' | 'colour', actions: readonly ScriptAction[]) => {
    const image = { ...(await imageForModel()), variant: 'greyscale' as const };
    return asking(actions, { image, definition: { ...described, image: wanted } });
  };
  const doubt = { stage: 'domain', rule: 'greyscale_image', action: 'flag' };

  test.each(['any', 'colour'] as const)(
    'is degraded where %s would have done, and nothing is asked again',
    async (wanted) => {
      const { server, answer } = await grey(wanted, [good]);
      expect(await answer).toMatchObject({
        verdicts: { structural: 'passed', content: 'passed', domain: 'degraded' },
        attempts: [{ issues: [doubt] }],
      });
      expect(server.calls()).toHaveLength(1);
    },
  );

  test('stays degraded when it is repaired, and the model hears nothing of that', async () => {
    const { server, answer } = await grey('any', [text('{"summary": 7}'), good]);
    const { verdicts, userText } = await answer;
    expect(verdicts).toEqual({ structural: 'repaired', content: 'passed', domain: 'degraded' });
    expect(userText).not.toContain('greyscale');
    expect(server.calls()).toHaveLength(2);
  });

  test('passes where the analysis prefers greyscale', async () => {
    const { answer } = await grey('greyscale', [good]);
    expect(await answer).toMatchObject({ verdicts: { domain: 'passed' }, attempts: [{ issues: [] }] });
  });
});

describe('a bad answer', () => {
  test.each<[string, ScriptAction, object, number]>([
    ['structural', text('{"summary": 7}'), { structural: 'repaired', content: 'passed', domain: 'passed' }, 1],
    ['content', text('{"summary": "n/a"}'), { structural: 'passed', content: 'repaired', domain: 'passed' }, 0],
    ['structural', { kind: 'length' }, { structural: 'repaired', content: 'passed', domain: 'passed' }, 0],
    ['structural', { kind: 'incomplete' }, { structural: 'repaired', content: 'passed', domain: 'passed' }, 0],
  ])('that failed the %s stage is asked again, on the same lane', async (stage, bad, verdicts, kept) => {
    const { server, answer } = await asking([bad, good]);
    const { userText, attempts, inferences, ...rest } = await answer;
    expect(rest).toMatchObject({ result: { summary: 'a room with a table' }, verdicts });
    expect(inferences).toHaveLength(2);
    expect(attempts).toMatchObject([{ issues: [{ stage }] }, { issues: [] }]);
    const [, second] = server.calls();
    const users = second?.messages.filter(({ role }) => role === 'user').map(({ text: words }) => words) ?? [];
    expect(second?.messages.filter(({ role }) => role === 'assistant')).toHaveLength(kept);
    // every word that was sent as user in the accepted conversation
    expect(userText).toBe(users.join('\n\n'));
    expect(second?.imageSha256).toBe(server.calls()[0]?.imageSha256);
  });

  test('that failed two stages one after the other has both of them repaired', async () => {
    const { answer } = await asking([text('nothing'), text('{"summary": "n/a"}'), good]);
    expect((await answer).verdicts).toEqual({ structural: 'repaired', content: 'repaired', domain: 'passed' });
  });

  test('is asked again as often as allowed, then rejected with all reasons', async () => {
    const { server, answer } = await asking([text('one'), text(refused), text('{}')]);
    const failure = await failureOf<Failure>(answer);
    expect(failure).toMatchObject({
      code: 'QaRejected',
      details: { verdicts: { structural: 'failed', content: 'repaired', domain: 'passed' } },
    });
    expect(failure.message).toMatch(
      /^no answer passed QA in 3 inference\(s\): attempt 1: structural json_present: .* \| attempt 2: content refusal: /,
    );
    expect(server.calls()).toHaveLength(3);
  });

  test.each([
    [0, 1],
    [1, 2],
    [3, 4],
  ])('may be repaired %i time(s), which makes %i inferences', async (maxRepairs, inferences) => {
    const five = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`n${n}`, { type: 'integer' }]));
    const bad = [0, 1, 2, 3, 4].map((right) =>
      text(JSON.stringify(Object.fromEntries(Array.from({ length: right }, (_, n) => [`n${n}`, 1])))),
    );
    const { server, answer } = await asking(bad, { settings: { ...settings, maxRepairs }, definition: defined(five) });
    expect(await failureOf(answer)).toMatchObject({ code: 'QaRejected' });
    expect(server.calls()).toHaveLength(inferences);
  });

  test('is not repaired any more when checking has used up its time', async () => {
    const { server, answer } = await asking([text('no JSON'), good], {
      settings: { ...settings, budgetSeconds: 1e-9 },
    });
    expect(await failureOf(answer)).toMatchObject({ code: 'QaRejected' });
    expect(server.calls()).toHaveLength(1);
  });

  test('fills the message of its failure with 800 characters at most', async () => {
    const many = defined({ notes: { type: 'list', items: { type: 'string' } } });
    const answer = text(JSON.stringify({ notes: Array.from({ length: 40 }, () => 'I cannot help with that.') }));
    const { answer: failing } = await asking([answer, answer, answer], { definition: many });
    expect((await failureOf(failing)).message).toHaveLength(800);
  });
});

test('a repair that can never be answered does not cost an answer that may be lived with', async () => {
  const tolerable = text('{"summary": "n/a"}');
  const { server, answer } = await asking([tolerable, { kind: 'status', status: 400 }]);
  expect(await answer).toMatchObject({ result: { summary: 'n/a' }, verdicts: { content: 'degraded' } });
  expect(server.calls()).toHaveLength(2);
  const { answer: failing } = await asking([text(refused), { kind: 'status', status: 400 }]);
  expect(await failureOf(failing)).toMatchObject({ name: 'VisionError', scope: 'analysis' });
});

test('what the server does wrong is not an answer, and goes through', async () => {
  const { answer } = await asking([text('no JSON'), { kind: 'status', status: 500 }]);
  expect(await failureOf(answer)).toMatchObject({ name: 'VisionError', kind: 'runner-died' });
});

test('an answer that does not end is asked anew, without it, and the reason names the bound', async () => {
  const requests: unknown[] = [];
  const answers = [
    inferenceOf('{"summary": "a wall a wall', { finish: 'too-long', maxBytes: 4_096 }),
    inferenceOf(goodText),
  ];
  const provider: Asked = {
    async infer({ turns }) {
      requests.push(turns);
      return answers[requests.length - 1] ?? inferenceOf(goodText);
    },
  };
  const { attempts, verdicts } = await ask(provider, await questionOf(), never);
  expect(attempts[0]?.issues).toMatchObject([{ rule: 'finish_complete', action: 'reask-fresh' }]);
  expect(attempts[0]?.issues[0]?.message).toContain('above 4096 bytes (vision.maxAnswerBytes)');
  expect(verdicts.structural).toBe('repaired');
  expect(requests[1]).toEqual([{ role: 'user', text: expect.stringContaining('answer briefly') as string }]);
});
