import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { checkAnswer } from '../../activities/qa/check-answer.ts';
import { answerers } from '../../bench/qa/answers.ts';
import { makeAlbum, type Question, questionOf } from '../../bench/qa/questions.ts';
import { randomOf } from '../../bench/qa/random.ts';
import { loadConfig } from '../../config/load.ts';
import { qaSettingsOf } from '../../config/qa.ts';
import { anyAnswer, worstAnswers } from './hostile.ts';
import { runs } from './runs.ts';

const { numRuns, seed } = runs(500, 10_000);
const limitMs = 3_600_000;
const maxCpuMs = 2_000;
const maxReasonCharacters = 20_000;

const { definitions, qa, settings } = loadConfig([], {});
const qaSettings = qaSettingsOf(qa, settings);
const album = await makeAlbum(definitions.bySlug, definitions.systemPrompt, { seed: 1, perKind: 1 });
const slugs = Object.keys(answerers).filter((slug) => definitions.bySlug.has(slug));
const runsEach = Math.ceil(numRuns / slugs.length);

const seen = { answers: 0, good: 0, slowestMs: 0, peakMb: 0 };
afterAll(() => {
  const { answers, good, slowestMs, peakMb } = seen;
  const figures = `${good} good, ${answers - good} refused, slowest ${Math.round(slowestMs)} ms of CPU, memory ${Math.round(peakMb)} MB at most`;
  process.stdout.write(`${answers} odd answers (seed ${seed}): ${figures}\n`);
});

describe(`${runsEach} odd answers to each analysis`, () => {
  test.each(slugs)(
    '%s: no crash, no hang, and every refusal names its reason',
    (slug) => {
      const question = someQuestion(slug);
      const { definition, model } = question;
      const seedling = { definition, model };
      fc.assert(
        fc.property(anyAnswer(seedling), fc.constantFrom('stop', 'length', 'incomplete'), (text, finish) => {
          const { checked, cpuMs } = check(question, text, finish);
          seen.answers += 1;
          seen.good += checked.isGood ? 1 : 0;
          seen.slowestMs = Math.max(seen.slowestMs, cpuMs);
          seen.peakMb = Math.max(seen.peakMb, process.memoryUsage.rss() / 1e6);
          expect(cpuMs).toBeLessThan(maxCpuMs);
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
          if (checked.isGood) {
            expectFinite(checked.result);
            return;
          }
          expect(checked.issues.length).toBeGreaterThan(0);
          for (const { rule, message } of checked.issues) {
            expect(rule).not.toBe('');
            expect(message.trim()).not.toBe('');
          }
          expect(JSON.stringify(checked.issues).length).toBeLessThan(maxReasonCharacters);
        }),
        // shrinking a megabyte takes longer than reading it
        {
          numRuns: runsEach,
          seed,
          endOnFailure: true,
          examples: worstAnswers(seedling).map((text): [string, 'stop'] => [text, 'stop']),
        },
      );
    },
    limitMs,
  );
});

function check(question: Question, text: string, finish: 'stop' | 'length' | 'incomplete') {
  const { definition, prompt } = question;
  const { image, facts } = question.picture;
  const inference = { text, finish, model: definition.model, usage: {}, timings: { totalMs: 1 } };
  const before = process.cpuUsage();
  const checked = checkAnswer(
    { inference, definition, image, prompt, system: question.systemPrompt, facts },
    qaSettings,
  );
  const { user, system } = process.cpuUsage(before);
  return { checked, cpuMs: (user + system) / 1000 };
}

function someQuestion(slug: string): Question {
  let any: Question | undefined;
  for (let trial = 0; trial < 500; trial += 1) {
    const question = questionOf(album, { slugs: [slug] }, randomOf('fuzz', slug, trial));
    if (question && JSON.stringify(question.model).length > 60) return question;
    any ??= question;
  }
  // few pictures hold such a thing: then the right answer is a short one
  if (any) return any;
  throw new Error(`no question about ${slug}`);
}

function expectFinite(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectFinite);
}
