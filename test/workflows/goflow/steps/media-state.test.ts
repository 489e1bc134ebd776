import '../../../support/workflow-context.ts';
import { describe, expect, test } from 'vitest';
import type { Answer, MediaInput, Task } from '../../../../workflows/goflow/contracts/media.ts';
import { MediaState } from '../../../../workflows/goflow/steps/media-state.ts';
import { fruitlessStagings, stagingPauseMs } from '../../../../workflows/goflow/steps/policies.ts';
import { storedAnswer } from '../../../support/plans.ts';

const task = (analysisId: string, overrides: Partial<Task> = {}): Task => ({
  analysisId,
  slug: `slug of ${analysisId}`,
  round: 1,
  mayHaveArrived: false,
  resent: false,
  ...overrides,
});

function stateOf(...tasks: Task[]): MediaState {
  const media = { id: 'm', filename: 'room.jpg', optimised_path: '/o.jpg', greyscale_path: '/g.jpg' };
  const plan = { projectId: 'p', digest: 'd' };
  const how = { rerun: 0, preferredVariant: 'optimised', begun: false, paused: false } as const;
  const input: MediaInput = { projectId: 'p', plan, media, tasks, ...how };
  return new MediaState(input);
}

function take(state: MediaState): Task {
  const taken = state.takeOpen();
  if (taken === undefined) throw new Error('nothing is open');
  return taken;
}

const answer = (overrides: Partial<Answer> = {}): Answer => ({ stored: storedAnswer(), labels: {}, ...overrides });
const receipt = { how: 'accepted', status: 201 } as const;
const why = { code: 'VisionRefused', message: 'no such model', details: undefined } as const;

describe('a task', () => {
  test('goes from open over analysing and submitting to done', () => {
    const state = stateOf(task('a'));
    expect([state.hasOpen(), state.hasStored(), state.isOver()]).toEqual([true, false, false]);
    const taken = take(state);
    expect([state.hasOpen(), state.isOver()]).toEqual([false, false]);
    state.startSubmitting(taken, answer());
    expect(state.isOver()).toBe(false);
    state.accepted(taken, receipt);
    expect(state.isOver()).toBe(true);
    expect(state.result()).toEqual({
      outcomes: [{ state: 'done', analysisId: 'a', how: 'accepted', notApplicable: false }],
      labels: {},
      qaFailures: {},
    });
  });

  test('keeps its turn when its host is lost', () => {
    const state = stateOf(task('a'), task('b'));
    const first = take(state);
    state.reopen(first);
    expect(take(state).analysisId).toBe('a');
    expect(take(state).analysisId).toBe('b');
  });

  test('that fails before it was sent says so', () => {
    const state = stateOf(task('a', { round: 3 }));
    state.fail(take(state), why);
    expect(state.result().outcomes).toEqual([
      {
        state: 'failed',
        analysisId: 'a',
        code: 'VisionRefused',
        message: 'no such model',
        round: 3,
        sent: false,
        mayHaveArrived: false,
        resent: false,
      },
    ]);
  });

  test('of which an earlier run may have sent something still may have arrived when it fails', () => {
    const state = stateOf(task('a', { mayHaveArrived: true }));
    state.fail(take(state), why);
    expect(state.result().outcomes).toMatchObject([{ sent: false, mayHaveArrived: true }]);
  });

  test.each([true, false])(
    'that fails while it is sent keeps the answer; it may have arrived: %s',
    (mayHaveArrived) => {
      const state = stateOf(task('a', { resent: true }));
      const taken = take(state);
      state.startSubmitting(taken, answer());
      state.fail(taken, { ...why, code: 'GoFlowRefused' }, { mayHaveArrived });
      expect(state.isOver()).toBe(true);
      expect(state.result().outcomes).toMatchObject([
        { code: 'GoFlowRefused', sent: true, mayHaveArrived, stored: storedAnswer(), resent: true },
      ]);
    },
  );

  test('that fails with a long text keeps 1,000 characters of it', () => {
    const state = stateOf(task('a'));
    state.fail(take(state), { ...why, message: 'x'.repeat(5_000) });
    expect(state.result().outcomes).toMatchObject([{ message: 'x'.repeat(1_000) }]);
  });
});

test('an image that cannot be used fails all that is open, and nothing else', () => {
  const state = stateOf(task('a'), task('b'), task('c', { stored: storedAnswer() }));
  const running = take(state);
  state.failAllOpen({ code: 'ImageInvalid', message: 'truncated', details: undefined });
  expect(state.result().outcomes).toMatchObject([{ analysisId: 'b', code: 'ImageInvalid', sent: false }]);
  expect([state.hasOpen(), state.hasStored(), state.isOver()]).toEqual([false, true, false]);
  state.fail(running, why);
  expect(state.result().outcomes).toHaveLength(2);
});

test('stored answers need no host and are taken once, apart from what is open', () => {
  const state = stateOf(task('a', { stored: storedAnswer('old') }), task('b'));
  expect([state.hasOpen(), state.hasStored()]).toEqual([true, true]);
  expect(state.takeStored()).toMatchObject([
    { task: { analysisId: 'a' }, answer: { stored: storedAnswer('old'), labels: {} } },
  ]);
  expect(state.takeStored()).toEqual([]);
  expect(state.hasStored()).toBe(false);
  expect(take(state).analysisId).toBe('b');
});

describe('a 422 (D5)', () => {
  test('is analysed again once, under the next key', () => {
    const state = stateOf(task('a', { round: 2 }));
    const first = take(state);
    state.startSubmitting(first, answer());
    expect(state.analyseAgain(first)).toBe(true);
    expect([state.hasOpen(), state.isOver()]).toEqual([true, false]);
    const second = take(state);
    expect(second).toMatchObject({ analysisId: 'a', slug: 'slug of a', round: 3, resent: false });
    expect(second.stored).toBeUndefined();
    state.startSubmitting(second, answer());
    expect(state.analyseAgain(second)).toBe(false);
    state.fail(second, { ...why, code: 'GoFlowUnprocessable' }, { mayHaveArrived: false });
    expect(state.result().outcomes).toMatchObject([{ code: 'GoFlowUnprocessable', round: 3, sent: true }]);
  });

  test('of one analysis does not use up the second chance of another', () => {
    const state = stateOf(task('a'), task('b'));
    const [first, second] = [take(state), take(state)];
    for (const each of [first, second]) state.startSubmitting(each, answer());
    expect(state.analyseAgain(first)).toBe(true);
    expect(state.analyseAgain(second)).toBe(true);
  });
});

describe('what it brings home', () => {
  test('holds QA failures of every answer, sent or not, and of each label the most that one analysis found', () => {
    const state = stateOf(task('a'), task('b'), task('c'));
    const verdicts = { structural: 'repaired', content: 'passed', domain: 'repaired' } as const;
    const [a, b, c] = [take(state), take(state), take(state)];
    // names come from a model: "constructor" is one like any other
    state.startSubmitting(a, answer({ labels: { cup: 2, constructor: 1 }, verdicts }));
    state.accepted(a, receipt);
    state.startSubmitting(b, answer({ labels: { cup: 1, chair: 4 } }));
    state.fail(b, why, { mayHaveArrived: false });
    const details = { verdicts: { structural: 'passed', content: 'failed', domain: 'passed' } };
    state.fail(c, { code: 'QaRejected', message: 'no', details });
    expect(state.result()).toMatchObject({
      labels: { cup: 2, chair: 4, constructor: 1 },
      qaFailures: { structural: 1, domain: 1, content: 1 },
      outcomes: [{ verdicts }, { analysisId: 'b' }, { analysisId: 'c' }],
    });
  });

  test.each([undefined, null, 'text', {}, { verdicts: undefined }])(
    'survives a QA failure with details %j',
    (details) => {
      const state = stateOf(task('a'));
      state.fail(take(state), { code: 'QaRejected', message: 'no', details });
      expect(state.result()).toMatchObject({ qaFailures: {}, outcomes: [{ code: 'QaRejected' }] });
    },
  );

  test('says which results do not apply', () => {
    const state = stateOf(task('a'));
    const taken = take(state);
    const stored = { ...storedAnswer(), analysisResult: { not_applicable: true, reason: 'greyscale' } };
    state.startSubmitting(taken, { stored, labels: {} });
    state.accepted(taken, { how: 'already', status: 400 });
    expect(state.result().outcomes).toMatchObject([{ how: 'already', notApplicable: true }]);
  });
});

describe('its ledger', () => {
  test('is empty while nothing was sent', () => {
    const state = stateOf(task('a'), task('b', { round: 2 }));
    take(state);
    expect(state.ledger().accepted).toEqual([]);
    expect(state.ledger().open.filter(({ mayHaveArrived }) => mayHaveArrived)).toEqual([]);
  });

  test('says what was accepted, what is on its way, what was refused and what came from an earlier run', () => {
    const earlier = task('earlier', { mayHaveArrived: true, round: 4 });
    const waiting = task('waiting', { stored: storedAnswer('waiting') });
    const state = stateOf(task('accepted'), task('on its way'), task('refused'), task('rejected'), earlier, waiting);
    const [accepted, onItsWay, refused, rejected] = [take(state), take(state), take(state), take(state)];
    state.startSubmitting(accepted, answer());
    state.accepted(accepted, receipt);
    state.startSubmitting(onItsWay, answer());
    state.startSubmitting(refused, answer());
    state.fail(refused, { ...why, code: 'GoFlowRefused' }, { mayHaveArrived: false });
    state.fail(rejected, why);
    const stored = storedAnswer();
    expect(state.ledger()).toEqual({
      accepted: ['accepted'],
      open: [
        { analysisId: 'earlier', round: 4, mayHaveArrived: true, stored: undefined },
        { analysisId: 'waiting', round: 1, mayHaveArrived: false, stored: storedAnswer('waiting') },
        { analysisId: 'on its way', round: 1, mayHaveArrived: true, stored },
        { analysisId: 'refused', round: 1, mayHaveArrived: false, stored },
      ],
    });
  });
});

describe('staging', () => {
  test('is counted for the activity ids', () => {
    const state = stateOf(task('a'));
    expect([state.nextStaging(), state.nextStaging(), state.stagings]).toEqual([1, 2, 2]);
  });

  test('is given up after so many changing hosts without one finished analysis', () => {
    const state = stateOf(task('a'), task('b'));
    const tries = Array.from({ length: fruitlessStagings + 2 }, (_, index) => state.mayTryOn(`host-${index}`));
    expect(tries.indexOf(false)).toBe(fruitlessStagings + 1);
    expect(state.isOver()).toBe(true);
    expect(state.result().outcomes).toMatchObject([
      { analysisId: 'a', code: 'HostLost', sent: false },
      { analysisId: 'b', code: 'HostLost', sent: false },
    ]);
  });

  test('waits for ever while there is only one host to wait for', () => {
    const state = stateOf(task('a'));
    for (let staging = 0; staging < 50; staging += 1) expect(state.mayTryOn('the only host')).toBe(true);
  });

  test('starts counting anew with every finished analysis, good or bad', () => {
    const state = stateOf(task('a'), task('b'), task('c'));
    const fruitless = () => {
      for (let staging = 0; staging < fruitlessStagings; staging += 1) expect(state.mayTryOn(`${staging}`)).toBe(true);
    };
    fruitless();
    state.startSubmitting(take(state), answer());
    fruitless();
    state.fail(take(state), why);
    fruitless();
    expect(state.hasOpen()).toBe(true);
  });

  test('pauses longer each time that nothing was finished, up to half a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 50].map(stagingPauseMs)).toEqual([
      0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });
});

describe('a pause', () => {
  const pausedAfter = (...words: [paused: boolean, order: number | undefined][]) => {
    const state = stateOf(task('a'));
    for (const [paused, order] of words) state.pause(paused, order);
    return state.paused;
  };

  test('and its end count in the order in which they were said, however they arrive', () => {
    expect(pausedAfter([true, 1])).toBe(true);
    expect(pausedAfter([true, 1], [false, 2])).toBe(false);
    expect(pausedAfter([false, 2], [true, 1])).toBe(false);
    expect(pausedAfter([true, 3], [false, 2], [true, 1])).toBe(true);
  });

  test('from a project that does not count its words is taken as it comes', () => {
    expect(pausedAfter([true, undefined], [false, undefined])).toBe(false);
    expect(pausedAfter([true, undefined])).toBe(true);
  });
});
