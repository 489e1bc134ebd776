import { describe, expect, test } from 'vitest';
import { ask, type Question } from '../../../../activities/goflow/gpu/ask.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import type { InferenceRequest, VisionProvider } from '../../../../activities/vision/provider.ts';
import { defined, image, inferenceOf, settings } from '../../qa/answers.ts';

const definition = defined({
  people_count: { type: 'integer' },
  people: { type: 'list', items: { type: 'string' } },
  note: { type: 'string' },
});
const good = { people_count: 1, people: ['a tall man'], note: 'A tall man stands there.' };

/** A provider that says these things one after another, and then the last one again. */
function saying(...answers: unknown[]) {
  const requests: InferenceRequest[] = [];
  const provider: VisionProvider = {
    kind: 'ollama',
    health: async () => ({}),
    checkModel: async () => ({}),
    infer: async (request) => {
      requests.push(request);
      return inferenceOf(answers[Math.min(requests.length, answers.length) - 1], { model: `call ${requests.length}` });
    },
  };
  return { provider, requests };
}

const question: Question = {
  ...{ definition, image, settings, systemPrompt: 'You look.', prompt: 'Who is there?', inferenceTimeoutMs: 1_000 },
};
const signal = new AbortController().signal;
const rules = (attempts: readonly { issues: readonly { rule: string }[] }[]) =>
  attempts.map(({ issues }) => issues.map(({ rule }) => rule));

describe('an answer', () => {
  test('that is good has nothing to tell', async () => {
    const { provider, requests } = saying(good);
    const { result, verdicts, attempts, userText } = await ask(provider, question, signal);
    expect({ result, verdicts, attempts, userText }).toEqual({
      result: good,
      verdicts: { structural: 'passed', content: 'passed', domain: 'passed' },
      attempts: [{ issues: [] }],
      userText: 'Who is there?',
    });
    expect(requests).toHaveLength(1);
  });

  test('that is repaired says every word that was sent for it, and why', async () => {
    const { provider, requests } = saying('{"people_count": 1', good);
    const { verdicts, attempts, userText } = await ask(provider, question, signal);
    expect(verdicts.structural).toBe('repaired');
    expect(rules(attempts)).toEqual([['json_parse'], []]);
    const said = requests[1]?.turns.filter(({ role }) => role === 'user').map(({ text }) => text);
    expect(userText).toBe(said?.join('\n\n'));
    expect(said).toHaveLength(2);
  });

  test('that gets better is asked for until the repairs are used up', async () => {
    const { provider, requests } = saying({ ...good, people_count: 'one', note: 5 }, { ...good, note: 5 }, good);
    expect(rules((await ask(provider, question, signal)).attempts)).toEqual([['schema', 'schema'], ['schema'], []]);
    expect(requests).toHaveLength(3);
  });

  test('that does not get better is not asked for again, and fails with every reason', async () => {
    const { provider, requests } = saying({ ...good, note: "I'm sorry, I can't help." });
    const failure = await ask(provider, question, signal).catch((error: unknown) => error as Failure);
    expect(requests).toHaveLength(2);
    expect(failure).toMatchObject({
      code: 'QaRejected',
      message: expect.stringMatching(/^no answer passed QA in 2 .*attempt 1: content refusal: .*attempt 2: /) as string,
      details: { verdicts: { structural: 'passed', content: 'failed' }, attempts: [{}, {}] },
    });
  });

  test('that may be lived with is taken as degraded: the best there was, with the words that were sent for it', async () => {
    const { provider } = saying({ ...good, people_count: 3 }, { ...good, people_count: 7 });
    const { result, verdicts, userText, accepted } = await ask(provider, question, signal);
    expect(result).toMatchObject({ people_count: 3 });
    expect(verdicts.domain).toBe('degraded');
    expect([accepted.model, userText]).toEqual(['call 1', 'Who is there?']);
  });

  test('is told to whoever counts, whatever becomes of it', async () => {
    const told: string[][] = [];
    const { provider } = saying('nothing', good);
    await ask(provider, { ...question, onChecked: ({ issues }) => told.push(issues.map(({ rule }) => rule)) }, signal);
    expect(told).toEqual([['json_present'], []]);
  });
});
