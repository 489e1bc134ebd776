import '../../../support/workflow-context.ts';
import { describe, expect, test } from 'vitest';
import type { MediaResult, Outcome, Task } from '../../../../workflows/goflow/contracts/media.ts';
import { Combinations } from '../../../../workflows/goflow/steps/combinations.ts';
import { planOf, storedAnswer } from '../../../support/plans.ts';
import { type Fate, ProjectModel } from '../../../support/project-model.ts';
import { seededRandom } from '../../../stand-ins/shared/random.ts';

const plan = planOf({ images: 2, analyses: 3 });
const [m1 = '', m2 = ''] = plan.media.map(({ id }) => id);
const [a1 = '', a2 = '', a3 = ''] = plan.analyses.map(({ id }) => id);

const done = (analysisId: string, overrides: object = {}): Outcome => ({
  state: 'done',
  analysisId,
  how: 'accepted',
  notApplicable: false,
  ...overrides,
});
const failed = (analysisId: string, overrides: object = {}): Outcome => ({
  state: 'failed',
  analysisId,
  code: 'QaRejected',
  message: 'no',
  round: 1,
  sent: false,
  mayHaveArrived: false,
  resent: false,
  ...overrides,
});
const result = (...outcomes: Outcome[]): MediaResult => ({ outcomes, labels: {}, qaFailures: {} });
const idsOf = (tasks: readonly Task[]) => tasks.map(({ analysisId }) => analysisId);

describe('the set of combinations', () => {
  test('counts all as open at first, as a whole and by image', () => {
    const set = new Combinations(plan);
    expect(set.counts()).toEqual({ combinations: 6, open: 6, running: 0, done: 0, failed: 0 });
    expect(set.counts(m2)).toEqual({ combinations: 3, open: 3, running: 0, done: 0, failed: 0 });
    expect(set.counts('nobody')).toMatchObject({ combinations: 0 });
  });

  test('hands out images one by one, each with all that is open', () => {
    const set = new Combinations(plan);
    expect(set.nextMedia()).toBe(m1);
    expect(idsOf(set.start(m1))).toEqual([a1, a2, a3]);
    expect(set.nextMedia()).toBe(m2);
    set.start(m2);
    expect(set.nextMedia()).toBeUndefined();
    expect(set.start(m1)).toEqual([]);
    expect(set.counts()).toMatchObject({ open: 0, running: 6 });
    expect(set.isRunning(m1)).toBe(true);
    expect(idsOf(set.runningTasks(m2))).toEqual([a1, a2, a3]);
  });

  test('refuses an image that is not in the plan', () => {
    const set = new Combinations(plan);
    expect(() => set.start('nobody')).toThrow(RangeError);
    expect(() => set.finish('nobody', result())).toThrow(RangeError);
  });

  test('takes what an image brings home, and opens again what it does not mention', () => {
    const set = new Combinations(plan);
    set.start(m1);
    set.finish(m1, result(done(a1), failed(a2)));
    expect(set.counts(m1)).toEqual({ combinations: 3, open: 1, running: 0, done: 1, failed: 1 });
    expect(idsOf(set.start(m1))).toEqual([a3]);
  });

  test('takes each outcome once, and none for what did not run', () => {
    const set = new Combinations(plan);
    set.start(m1);
    set.finish(m1, result(done(a1), failed(a1), failed(a2), done(a2), done('unknown'), done(a3)));
    expect(set.counts(m1)).toMatchObject({ done: 2, failed: 1 });
    set.finish(m1, result(failed(a1), done(a2)));
    expect(set.counts(m1)).toMatchObject({ done: 2, failed: 1 });
    set.finish(m2, result(done(a1)));
    expect(set.counts(m2)).toMatchObject({ open: 3, done: 0 });
  });

  test('starts with what an earlier run had accepted', () => {
    const combinations = { [`${m1}/${a1}`]: { state: 'accepted', round: 1 } } as const;
    const set = new Combinations(planOf({ images: 2, analyses: 3, earlier: { combinations } }));
    expect(set.counts()).toMatchObject({ done: 1, open: 5 });
    expect(idsOf(set.start(m1))).toEqual([a2, a3]);
    expect(set.summary().mediaWithResults).toBe(1);
  });
});

describe('an image whose workflow ended without a result', () => {
  test('keeps what was accepted, the rest failed and names the reason', () => {
    const set = new Combinations(plan);
    set.start(m1);
    const open = [{ analysisId: a2, round: 2, mayHaveArrived: true, stored: storedAnswer() }];
    set.lose(m1, { accepted: [a1], open }, 'terminated by hand');
    expect(set.counts(m1)).toMatchObject({ done: 1, failed: 2, open: 0, running: 0 });
    expect(set.failures().map(({ outcome }) => outcome)).toEqual([
      expect.objectContaining({ analysisId: a2, code: 'MediaWorkflowFailed', round: 2, mayHaveArrived: true }),
      expect.objectContaining({ analysisId: a3, message: 'terminated by hand', round: 1, sent: false }),
    ]);
  });

  test('sends the bytes that may have arrived again when it is retried', () => {
    const set = new Combinations(plan);
    set.start(m1);
    const open = [{ analysisId: a2, round: 2, mayHaveArrived: true, stored: storedAnswer() }];
    set.lose(m1, { accepted: [a1, a3], open }, 'terminated');
    set.retry({});
    expect(set.start(m1)).toMatchObject([
      { analysisId: a2, round: 2, mayHaveArrived: true, stored: storedAnswer(), resent: true },
    ]);
  });

  test('leaves the other images alone', () => {
    const set = new Combinations(plan);
    set.start(m1);
    set.start(m2);
    set.lose(m1, { accepted: [], open: [] }, 'terminated');
    expect(set.counts(m2)).toMatchObject({ running: 3 });
  });
});

describe('a retry', () => {
  function withFailures(): Combinations {
    const set = new Combinations(plan);
    for (const media of [m1, m2]) {
      set.start(media);
      set.finish(media, result(done(a1), failed(a2), failed(a3)));
    }
    return set;
  }

  test.each([
    ['all', {}, 4, [a2, a3], [a2, a3]],
    ['one image', { mediaId: m1 }, 2, [a2, a3], []],
    ['one analysis', { analysisId: a2 }, 2, [a2], [a2]],
    ['one combination', { mediaId: m2, analysisId: a3 }, 1, [], [a3]],
    ['what did not fail', { analysisId: a1 }, 0, [], []],
    ['an unknown image', { mediaId: 'nobody' }, 0, [], []],
  ])('opens %s', (_, selection, opened, first, second) => {
    const set = withFailures();
    expect(set.retry(selection)).toEqual({ opened, waiting: 0 });
    expect([idsOf(set.start(m1)), idsOf(set.start(m2))]).toEqual([first, second]);
  });

  test('of an image that runs waits for its end, and takes what fails in it by then', () => {
    const set = withFailures();
    set.retry({ mediaId: m1, analysisId: a2 });
    set.start(m1);
    expect(set.retry({ mediaId: m1 })).toEqual({ opened: 0, waiting: 1 });
    expect(set.counts(m1)).toMatchObject({ running: 1, failed: 1, open: 0 });
    set.finish(m1, result(failed(a2)));
    expect(idsOf(set.start(m1))).toEqual([a2, a3]);
  });

  test('that waits is forgotten once it was done', () => {
    const set = withFailures();
    set.retry({ mediaId: m1, analysisId: a2 });
    set.start(m1);
    set.retry({ mediaId: m1 });
    set.finish(m1, result(failed(a2)));
    set.start(m1);
    set.finish(m1, result(failed(a2), failed(a3)));
    expect(set.counts(m1)).toMatchObject({ failed: 2, open: 0 });
  });

  test('waits for the end also when that is a termination', () => {
    const set = withFailures();
    set.retry({ mediaId: m1, analysisId: a2 });
    set.start(m1);
    set.retry({ mediaId: m1, analysisId: a3 });
    set.lose(m1, { accepted: [], open: [] }, 'terminated');
    expect(idsOf(set.start(m1))).toEqual([a3]);
  });

  test('of all does not hand an image out twice at once', () => {
    const set = withFailures();
    set.retry({ mediaId: m1, analysisId: a2 });
    set.start(m1);
    set.retry({});
    expect(set.nextMedia()).toBe(m2);
    set.start(m2);
    expect(set.nextMedia()).toBeUndefined();
  });

  test('goes on with the slug of the plan', () => {
    const set = withFailures();
    set.retry({ mediaId: m1, analysisId: a2 });
    expect(set.start(m1)).toMatchObject([{ slug: 'analysis-0002' }]);
  });
});

describe('numbers for the report', () => {
  test('count combinations by analysis, images with a result, repairs and what does not apply', () => {
    const set = new Combinations(plan);
    const repaired = { verdicts: { structural: 'passed', content: 'passed', domain: 'repaired' } };
    set.start(m1);
    set.finish(m1, result(done(a1, repaired), done(a2, { notApplicable: true }), failed(a3)));
    set.start(m2);
    set.finish(m2, result(failed(a1), failed(a2), failed(a3)));
    expect(set.summary()).toEqual({
      doneByAnalysis: { [a1]: 1, [a2]: 1 },
      mediaWithResults: 1,
      notApplicable: 1,
      repaired: 1,
      degraded: 0,
      labels: {},
      sameTexts: [],
    });
  });

  test('fold labels over images and QA failures over stages', () => {
    const set = new Combinations(plan);
    set.start(m1);
    set.finish(m1, { outcomes: [], labels: { cup: 2, person: 1 }, qaFailures: { domain: 2 } });
    set.start(m2);
    set.finish(m2, { outcomes: [], labels: { cup: 3 }, qaFailures: { domain: 1, content: 4 } });
    expect(set.summary().labels).toEqual({ cup: { images: 2, count: 5 }, person: { images: 1, count: 1 } });
    expect(set.qaFailuresByStage()).toEqual({ domain: 3, content: 4 });
  });

  test('keep the first 200 labels, however many there are', () => {
    const set = new Combinations(plan);
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`label ${index}`, 1]));
    set.start(m1);
    set.finish(m1, { outcomes: [], labels, qaFailures: {} });
    set.finish(m1, { outcomes: [], labels: { 'label 0': 1, 'label 299': 1 }, qaFailures: {} });
    expect(Object.keys(set.summary().labels)).toHaveLength(200);
    expect(set.summary().labels).toMatchObject({ 'label 0': { images: 2, count: 2 } });
  });
});

describe('continue-as-new', () => {
  const again = (set: Combinations) => new Combinations(plan, JSON.parse(JSON.stringify(set.carry())) as never);

  test('carries every state', () => {
    const set = new Combinations(plan);
    const verdicts = { structural: 'repaired', content: 'passed', domain: 'passed' };
    const labels = { cup: 2 };
    set.start(m1);
    set.finish(m1, {
      ...result(done(a1, { verdicts }), done(a2, { notApplicable: true }), failed(a3, { stored: storedAnswer() })),
      labels,
      qaFailures: { structural: 1 },
    });
    const restored = again(set);
    expect(restored.counts()).toEqual(set.counts());
    expect(restored.summary()).toEqual(set.summary());
    expect(restored.failures()).toEqual(set.failures());
    expect(restored.qaFailuresByStage()).toEqual(set.qaFailuresByStage());
    expect(restored.ledger()).toEqual(set.ledger());
    expect(restored.carry()).toEqual(set.carry());
    expect(restored.start(m2)).toEqual(set.start(m2));
  });

  test('carries what waits to be sent again, bytes and key', () => {
    const set = new Combinations(plan);
    set.start(m1);
    const refused = { code: 'GoFlowRefused', sent: true, stored: storedAnswer(), round: 2 };
    set.finish(m1, result(done(a1), done(a2), failed(a3, refused)));
    set.retry({});
    expect(again(set).start(m1)).toMatchObject([{ round: 2, resent: true, stored: storedAnswer() }]);
  });

  test('keeps what was done although an earlier run is in the plan, too', () => {
    const combinations = { [`${m1}/${a1}`]: { state: 'refused', round: 1 } } as const;
    const after = planOf({ images: 2, analyses: 3, earlier: { combinations } });
    const set = new Combinations(after);
    expect(set.start(m1)[0]).toMatchObject({ analysisId: a1, round: 2 });
    set.finish(m1, result(done(a1), done(a2), done(a3)));
    const restored = new Combinations(after, set.carry());
    expect(restored.counts(m1)).toMatchObject({ done: 3 });
  });

  test('leaves large failed answers behind: they are made again under the next key', () => {
    const large = storedAnswer('x'.repeat(600_000));
    const set = new Combinations(plan);
    set.start(m1);
    const refused = { code: 'GoFlowRefused', sent: true, stored: large };
    set.finish(m1, result(done(a1), failed(a2, refused), failed(a3, refused)));
    expect(JSON.stringify(set.carry()).length).toBeLessThan(1_200_000);
    const restored = again(set);
    restored.retry({});
    expect(restored.start(m1)).toMatchObject([
      { analysisId: a2, round: 1, resent: true, stored: large },
      { analysisId: a3, round: 2, resent: false },
    ]);
  });

  test('of 200 images x 25 analyses that are done is a few KB', () => {
    const large = planOf({ images: 200, analyses: 25 });
    const set = new Combinations(large);
    for (const { id } of large.media) {
      set.start(id);
      set.finish(id, result(...large.analyses.map((analysis) => done(analysis.id))));
    }
    expect(set.counts()).toMatchObject({ combinations: 5000, done: 5000 });
    expect(JSON.stringify(set.carry()).length).toBeLessThan(30_000);
    expect(new Combinations(large, set.carry()).counts()).toMatchObject({ done: 5000, open: 0 });
  });
});

describe('whatever happens to a project', () => {
  const fates: readonly Fate[] = [
    'accepted',
    'already',
    'GoFlowRefused',
    'GoFlowNotFound',
    'GoFlowUnprocessable',
    'Internal',
    'QaRejected',
    'VisionRefused',
    'terminated-sending',
    'terminated-analysing',
  ];
  /** Every answer is sent, and refused in a way that a retry may mend. */
  const sentFates = fates.slice(0, 4);
  const steps = ['run', 'run', 'run', 'retry', 'retry-some', 'continue-as-new', 'run-again'] as const;

  function play(seed: number, possible: readonly Fate[], check: (model: ProjectModel) => void): void {
    const random = seededRandom(`project ${seed}`);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const model = new ProjectModel(planOf({ images: 3, analyses: 2 }));
    const { media, analyses } = planOf({ images: 3, analyses: 2 });
    for (let step = 0; step < 30; step += 1) {
      switch (pick(steps)) {
        case 'run':
          model.runMedia(() => pick(possible));
          break;
        case 'retry':
          model.combinations.retry({});
          break;
        case 'retry-some':
          model.combinations.retry({
            mediaId: pick(media).id,
            ...(random() < 0.5 && { analysisId: pick(analyses).id }),
          });
          break;
        case 'continue-as-new':
          model.continueAsNew();
          break;
        case 'run-again':
          model.runAgain();
          break;
      }
      check(model);
    }
  }

  test('every combination is in one state, and what was accepted stays done', () => {
    for (let seed = 0; seed < 150; seed += 1)
      play(seed, fates, (model) => {
        const { combinations, open, running, done: accepted, failed: lost } = model.combinations.counts();
        expect([combinations, running, open + accepted + lost], `seed ${seed}`).toEqual([6, 0, 6]);
        expect(accepted, `seed ${seed}`).toBe(model.acceptedBy.size);
        expect(model.combinations.failures(), `seed ${seed}`).toHaveLength(lost);
      });
  });

  test('nothing is sent any more for what was accepted', () => {
    for (let seed = 0; seed < 150; seed += 1)
      play(seed, fates, (model) => {
        for (const keys of model.acceptedBy.values()) expect(keys, `seed ${seed}`).toHaveLength(1);
      });
  });

  test('one key never carries two bodies (D2)', () => {
    for (let seed = 0; seed < 150; seed += 1)
      play(seed, sentFates, (model) => expect(model.keysWithTwoBodies(), `seed ${seed}`).toEqual([]));
  });
});
