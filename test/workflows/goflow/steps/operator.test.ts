import { endMedia, newProject, plannedProject, startMedia } from '../../../support/project-states.ts';
import { describe, expect, test } from 'vitest';
import { wordSchemas, type Word } from '../../../../workflows/goflow/contracts/messages.ts';
import { judge } from '../../../../workflows/goflow/steps/operator.ts';
import type { Hold, ProjectState } from '../../../../workflows/goflow/steps/project-state.ts';
import { planOf } from '../../../support/plans.ts';

const words = Object.keys(wordSchemas) as Word[];
const plan = planOf({ images: 2, analyses: 2 });
const [m1 = '', m2 = ''] = plan.media.map(({ id }) => id);
const [a1 = ''] = plan.analyses.map(({ id }) => id);

/** An argument that each word takes. */
const goodInput: Record<Word, unknown> = {
  retry: {},
  accept: { reason: 'good enough' },
  pause: {},
  resume: {},
  cancel: { reason: 'wrong job' },
};

const holding = (kind: Hold['kind']) => (state: ProjectState) => {
  state.hold = { kind, reason: 'because' };
  if (kind === 'completed' || kind === 'report') state.step = 'completing';
};

/** One image failed, the other one runs. */
const failedAndRunning = (state: ProjectState) => {
  startMedia(state, m1);
  endMedia(state, m1);
  startMedia(state, m2);
};

const phases: readonly [string, (state: ProjectState) => void, Record<Word, RegExp | true>][] = [
  [
    'while it plans',
    (state) => Object.assign(state, { step: 'planning' }),
    {
      retry: /nothing can be retried in this phase/,
      accept: /only a project that holds/,
      pause: true,
      resume: /not paused/,
      cancel: true,
    },
  ],
  [
    'while nothing has failed',
    (state) => startMedia(state, m1),
    {
      retry: /nothing that failed matches/,
      accept: /only a project that holds/,
      pause: true,
      resume: /not paused/,
      cancel: true,
    },
  ],
  [
    'while it runs and something has failed',
    failedAndRunning,
    { retry: true, accept: /only a project that holds/, pause: true, resume: /not paused/, cancel: true },
  ],
  [
    'while it is paused',
    (state) => {
      failedAndRunning(state);
      state.paused = true;
    },
    { retry: true, accept: /only a project that holds/, pause: true, resume: true, cancel: true },
  ],
  [
    'while it holds with failed combinations',
    (state) => {
      startMedia(state, m1);
      endMedia(state, m1);
      holding('failed-combinations')(state);
    },
    { retry: true, accept: true, pause: /the project holds/, resume: /not paused/, cancel: true },
  ],
  [
    'while it holds at "processing"',
    holding('processing'),
    { retry: true, accept: /holds because of the processing/, pause: true, resume: /not paused/, cancel: true },
  ],
  [
    'while it holds at "completed"',
    holding('completed'),
    {
      retry: true,
      accept: /holds because of the completed/,
      pause: /nothing to pause/,
      resume: /not paused/,
      cancel: true,
    },
  ],
  [
    'while it holds at its report',
    holding('report'),
    {
      retry: /nothing can be retried in this phase/,
      accept: /holds because of the report/,
      pause: /nothing to pause/,
      resume: /not paused/,
      cancel: true,
    },
  ],
  [
    'while it completes',
    (state) => Object.assign(state, { step: 'completing' }),
    {
      retry: /nothing can be retried in this phase/,
      accept: /only a project that holds/,
      pause: /nothing to pause/,
      resume: /not paused/,
      cancel: true,
    },
  ],
  [
    'when it is over',
    (state) => Object.assign(state, { step: 'over' }),
    { retry: /is over/, accept: /is over/, pause: /is over/, resume: /is over/, cancel: /is over/ },
  ],
];

describe.each(phases)('%s', (_, bring, expected) => {
  test.each(words)('%s is judged', (word) => {
    const state = plannedProject(plan);
    bring(state);
    const judgement = judge(state, word, goodInput[word]);
    const verdict = expected[word];
    if (verdict === true) expect(judgement).toMatchObject({ legal: true, spoken: { word, input: goodInput[word] } });
    else expect(judgement).toEqual({ legal: false, reason: expect.stringMatching(verdict) as string });
    if (judgement.legal) expect(judgement.message).not.toBe('');
  });

  test.each(words)('%s with a wrong argument is refused with a reason, and never throws', (word) => {
    const state = plannedProject(plan);
    bring(state);
    const wrong = [undefined, null, 'now', '', 0, 7, true, [], [{}], { gf25Undecodable: 'bad bytes' }, { unknown: 1 }];
    for (const input of wrong) {
      const judgement = judge(state, word, input);
      expect(judgement, JSON.stringify(input)).toEqual({
        legal: false,
        reason: expect.stringMatching(/.{5}/) as string,
      });
    }
  });
});

test('a word is judged without changing anything', () => {
  const state = plannedProject(plan);
  failedAndRunning(state);
  const before = JSON.stringify([state.combinations.ledger(), state.combinations.counts(), state.phase()]);
  for (const word of words) judge(state, word, goodInput[word]);
  expect(JSON.stringify([state.combinations.ledger(), state.combinations.counts(), state.phase()])).toBe(before);
});

describe('what is wrong is said in words', () => {
  const reasonOf = (word: Word, input: unknown) => {
    const judgement = judge(newProject(plan), word, input);
    return judgement.legal ? 'legal' : judgement.reason;
  };

  test.each<[Word, unknown, RegExp]>([
    ['pause', undefined, /^no input: one JSON object is expected, such as \{\}$/],
    ['retry', undefined, /^no input/],
    ['cancel', { gf25Undecodable: 'Unexpected token' }, /^the payload cannot be decoded: Unexpected token$/],
    ['cancel', {}, /^reason: /],
    ['cancel', { reason: '' }, /^reason: must not be empty$/],
    ['accept', { reason: 7 }, /^reason: .*string/],
    ['pause', { now: true }, /"now"/],
    ['retry', { mediaID: 'm' }, /"mediaID"/],
    ['retry', null, /expected \{"mediaId"/],
  ])('%s %j', (word, input, reason) => {
    expect(reasonOf(word, input)).toMatch(reason);
  });
});

describe('retry', () => {
  const judged = (state: ProjectState, input: object) => judge(state, 'retry', input);

  test('says how many combinations run again', () => {
    const state = plannedProject(plan);
    failedAndRunning(state);
    expect(judged(state, {})).toMatchObject({ legal: true, message: '2 failed combination(s) run again' });
    expect(judged(state, { mediaId: m1 })).toMatchObject({ legal: true, message: '2 failed combination(s) run again' });
    expect(judged(state, { analysisId: a1 })).toMatchObject({ message: '1 failed combination(s) run again' });
    expect(judged(state, { mediaId: m1, analysisId: a1 })).toMatchObject({
      message: expect.stringMatching(/^1 /) as string,
    });
  });

  test('of an image that still runs is taken for later', () => {
    const state = plannedProject(plan);
    failedAndRunning(state);
    expect(judged(state, { mediaId: m2 })).toMatchObject({
      legal: true,
      message: expect.stringMatching(/still runs/) as string,
    });
  });

  test('names an id that is not part of the project', () => {
    const state = plannedProject(plan);
    failedAndRunning(state);
    expect(judged(state, { mediaId: 'nobody' })).toMatchObject({
      reason: expect.stringMatching(/^mediaId: nobody is not an image/) as string,
    });
    expect(judged(state, { analysisId: m1 })).toMatchObject({
      reason: expect.stringMatching(/^analysisId: .* is not an analysis/) as string,
    });
  });

  test('of the report is legal while the project waits for it, and not before', () => {
    const state = plannedProject(plan);
    const report = { step: 'report' };
    expect(judged(state, report)).toMatchObject({
      legal: false,
      reason: expect.stringMatching(/does not wait for its report/) as string,
    });
    holding('report')(state);
    expect(judged(state, report)).toMatchObject({
      legal: true,
      message: expect.stringMatching(/stored report/) as string,
    });
    state.hold = undefined;
    state.waitingForGoflow = { sinceMs: 0, call: 'completed', reason: 'GoFlowTimeout' };
    expect(judged(state, report)).toMatchObject({ legal: false });
    state.waitingForGoflow = { sinceMs: 0, call: 'report', reason: 'GoFlowTimeout' };
    expect(judged(state, report)).toMatchObject({ legal: true });
  });
});

test('pausing a paused project is no fault', () => {
  const state = plannedProject(plan);
  state.paused = true;
  expect(judge(state, 'pause', {})).toMatchObject({ legal: true, message: 'already paused' });
});

test.each(['processing', 'completed'] as const)(
  'a retry of a refused "%s" does not take an id of another job',
  (kind) => {
    const state = plannedProject(plan);
    holding(kind)(state);
    expect(judge(state, 'retry', { mediaId: 'bogus' })).toMatchObject({
      legal: false,
      reason: expect.stringContaining('mediaId: bogus') as string,
    });
    expect(judge(state, 'retry', { analysisId: 'bogus' })).toMatchObject({ legal: false });
    expect(judge(state, 'retry', { mediaId: m1 })).toMatchObject({ legal: true });
  },
);
