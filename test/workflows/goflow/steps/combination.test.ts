import { describe, expect, test } from 'vitest';
import type { Task } from '../../../../workflows/goflow/contracts/media.ts';
import { combinationKey } from '../../../../workflows/goflow/contracts/ids.ts';
import type { EarlierRun } from '../../../../workflows/goflow/contracts/plan.ts';
import type { FailedOutcome } from '../../../../workflows/goflow/contracts/project.ts';
import {
  type Combination,
  doneOf,
  ledgerEntry,
  retryTask,
  startOf,
} from '../../../../workflows/goflow/steps/combination.ts';
import { planOf, storedAnswer } from '../../../support/plans.ts';

const stored = storedAnswer();
const slug = 'analysis-0001';

type Earlier = EarlierRun['combinations'][string];

function startAfter(earlier: Earlier | undefined): Combination {
  const { media, analyses } = planOf();
  const key = combinationKey(media[0]?.id ?? '', analyses[0]?.id ?? '');
  const plan = planOf({ earlier: { combinations: earlier ? { [key]: earlier } : {} } });
  return startOf(plan, media[0]?.id ?? '', analyses[0]?.id ?? '');
}

describe('a combination of a new run', () => {
  test('begins from nothing when nothing was sent', () => {
    expect(startAfter(undefined)).toMatchObject({
      state: 'open',
      task: { slug, round: 1, mayHaveArrived: false, resent: false },
    });
  });

  test('is done when an earlier run is known to have been accepted (P2)', () => {
    expect(startAfter({ state: 'accepted', round: 3 })).toMatchObject({ state: 'done' });
  });

  test.each<[string, Earlier, Partial<Task>]>([
    [
      'the bytes that may have arrived are sent again under the same key',
      { state: 'may-have-arrived', round: 2, stored },
      { round: 2, mayHaveArrived: true, stored },
    ],
    [
      'without those bytes, the next answer has the next key and counts as ambiguous',
      { state: 'may-have-arrived', round: 2 },
      { round: 3, mayHaveArrived: true },
    ],
    [
      'after a definite refusal, the next answer has the next key',
      { state: 'refused', round: 1 },
      { round: 2, mayHaveArrived: false },
    ],
    [
      'also when the refused bytes are known',
      { state: 'refused', round: 1, stored },
      { round: 2, mayHaveArrived: false },
    ],
  ])('%s', (_, earlier, task) => {
    const start = startAfter(earlier);
    expect(start).toMatchObject({ state: 'open', task });
    expect(start.state === 'open' && 'stored' in start.task).toBe('stored' in task);
  });

  test('fails at once when its slug has no definition', () => {
    const plan = planOf({ unknown: [slug] });
    expect(startOf(plan, plan.media[0]?.id ?? '', plan.analyses[0]?.id ?? '')).toMatchObject({
      state: 'failed',
      outcome: { code: 'AnalysisUnknown', message: `no definition for the analysis "${slug}"`, sent: false },
    });
  });

  test('is done although its slug is unknown by now, when an earlier run was accepted', () => {
    const { media, analyses } = planOf();
    const [m, a] = [media[0]?.id ?? '', analyses[0]?.id ?? ''];
    const combinations = { [combinationKey(m, a)]: { state: 'accepted', round: 1 } } as const;
    expect(startOf(planOf({ unknown: [slug], earlier: { combinations } }), m, a)).toMatchObject({ state: 'done' });
  });
});

const failed = (overrides: Partial<FailedOutcome>): FailedOutcome => ({
  state: 'failed',
  analysisId: 'a',
  code: 'GoFlowRefused',
  message: 'status 400',
  round: 1,
  sent: true,
  mayHaveArrived: false,
  stored,
  resent: false,
  ...overrides,
});

describe("an operator's retry", () => {
  test.each<[string, Partial<FailedOutcome>, Partial<Task>]>([
    ['sends the refused bytes once more under the same key (400)', {}, { round: 1, resent: true, stored }],
    ['does so after a 404, too', { code: 'GoFlowNotFound', round: 2 }, { round: 2, resent: true, stored }],
    ['then analyses anew under the next key', { resent: true }, { round: 2, resent: false }],
    ['analyses anew under the next key after a 422', { code: 'GoFlowUnprocessable', round: 2 }, { round: 3 }],
    [
      'analyses again under the same key when nothing was ever sent',
      { code: 'QaRejected', sent: false, stored: undefined },
      { round: 1, resent: false },
    ],
    [
      'sends bytes that may have arrived again, and says so',
      { code: 'MediaWorkflowFailed', mayHaveArrived: true },
      { round: 1, stored, mayHaveArrived: true },
    ],
    [
      'of an answer that is too large to keep takes the next key',
      { stored: undefined, round: 4, mayHaveArrived: true },
      { round: 5, mayHaveArrived: true },
    ],
  ])('%s (P3)', (_, outcome, task) => {
    expect(retryTask(failed(outcome), slug)).toMatchObject({ slug, analysisId: 'a', ...task });
    expect('stored' in retryTask(failed(outcome), slug)).toBe('stored' in task);
  });
});

const task = (overrides: Partial<Task> = {}): Task => ({
  analysisId: 'a',
  slug,
  round: 1,
  mayHaveArrived: false,
  resent: false,
  ...overrides,
});

describe('what the next run must know', () => {
  test.each<[string, Combination, Earlier | undefined]>([
    ['an accepted one', { state: 'done', notApplicable: false, repaired: true }, { state: 'accepted', round: 1 }],
    ['an open one that was never sent', { state: 'open', task: task() }, undefined],
    ['a running one that was never sent', { state: 'running', task: task() }, undefined],
    ['an open one of round 3', { state: 'open', task: task({ round: 3 }) }, { state: 'refused', round: 2 }],
    [
      'an open one whose bytes wait to be sent again',
      { state: 'open', task: task({ round: 2, stored, resent: true }) },
      { state: 'refused', round: 2 },
    ],
    [
      'one whose bytes may have arrived',
      { state: 'running', task: task({ round: 2, stored, mayHaveArrived: true }) },
      { state: 'may-have-arrived', round: 2, stored },
    ],
    [
      'one of which something may have arrived that nobody has any more',
      { state: 'open', task: task({ round: 3, mayHaveArrived: true }) },
      { state: 'may-have-arrived', round: 2 },
    ],
    ['one that failed before it was sent', { state: 'failed', outcome: failed({ sent: false }) }, undefined],
    ['one that was refused', { state: 'failed', outcome: failed({ round: 2 }) }, { state: 'refused', round: 2 }],
    [
      'one that failed and may have arrived',
      { state: 'failed', outcome: failed({ mayHaveArrived: true }) },
      { state: 'may-have-arrived', round: 1, stored },
    ],
  ])('%s', (_, combination, entry) => {
    expect(ledgerEntry(combination)).toEqual(entry);
  });

  test('no key is ever used for two bodies, whatever a combination went through before the project was cancelled', () => {
    const before: Combination[] = [
      { state: 'open', task: task({ round: 2 }) },
      { state: 'failed', outcome: failed({ round: 2 }) },
      { state: 'failed', outcome: failed({ round: 2, resent: true }) },
      { state: 'failed', outcome: failed({ round: 2, mayHaveArrived: true, stored: undefined }) },
      { state: 'running', task: task({ round: 3, mayHaveArrived: true }) },
    ];
    const rounds = before.map((combination) => {
      const start = startAfter(ledgerEntry(combination));
      return start.state === 'open' && start.task.stored === undefined ? start.task.round : 'the same bytes';
    });
    // the highest round that was used is 1 in the first, 2 in all others
    expect(rounds).toEqual([2, 3, 3, 3, 3]);
  });
});

test.each([
  [undefined, false],
  [{ structural: 'passed', content: 'passed', domain: 'passed' } as const, false],
  [{ structural: 'passed', content: 'repaired', domain: 'passed' } as const, true],
])('verdicts %j count as repaired: %s', (verdicts, repaired) => {
  const outcome = { state: 'done', analysisId: 'a', how: 'accepted', notApplicable: false } as const;
  expect(doneOf({ ...outcome, ...(verdicts && { verdicts }) })).toEqual({
    state: 'done',
    notApplicable: false,
    repaired,
  });
});
