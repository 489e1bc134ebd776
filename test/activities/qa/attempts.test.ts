import { describe, expect, test } from 'vitest';
import { attemptOf, type Bad, bestTolerable, hasShrunk, verdictsOf } from '../../../activities/qa/attempts.ts';
import type { Issue } from '../../../workflows/goflow/contracts/qa.ts';
import type { QaStage } from '../../../workflows/goflow/contracts/qa-stages.ts';

const issue = (stage: QaStage, action: Issue['action'] = 'reask', rule = 'a_rule'): Issue => ({
  ...{ stage, rule, path: 'a.0', message: 'a fault', action },
});
const bad = (stage: QaStage, faults: number, tolerable?: Bad['tolerable']): Bad => ({
  ...{ isGood: false, stage, issues: Array.from({ length: faults }, () => issue(stage)) },
  ...(tolerable && { tolerable }),
});

test('an attempt is kept short: histories hold it', () => {
  const long = { ...issue('content'), path: 'p'.repeat(500), message: 'm'.repeat(5_000) };
  const { issues, omitted } = attemptOf({ issues: Array.from({ length: 30 }, () => long) });
  expect([issues.length, omitted]).toEqual([8, 22]);
  expect(JSON.stringify(issues).length).toBeLessThan(3_000);
  expect(attemptOf({ issues: [] })).toEqual({ issues: [] });
});

describe('the faults of an attempt have become fewer', () => {
  test.each<[Bad, Bad, boolean]>([
    [bad('structural', 1), bad('structural', 2), true],
    [bad('domain', 5), bad('content', 1), true],
    [bad('structural', 2), bad('structural', 2), false],
    [bad('structural', 1), bad('domain', 9), false],
  ])('%#', (now, before, expected) => expect(hasShrunk(now, before)).toBe(expected));

  test('whatever was fixed or flagged', () => {
    const flagged = { ...bad('domain', 1), issues: [issue('domain'), issue('domain', 'flag'), issue('domain', 'fix')] };
    expect(hasShrunk(flagged, bad('domain', 2))).toBe(true);
  });
});

test('the best attempt is the one that got furthest with the fewest faults, among those that may be lived with', () => {
  const all = [bad('domain', 2, { n: 1 }), bad('domain', 1, { n: 2 }), bad('domain', 1, { n: 3 }), bad('domain', 0)];
  expect(bestTolerable(all.map((checked) => ({ checked })))?.result).toEqual({ n: 2 });
  expect(bestTolerable([{ checked: bad('domain', 1) }])).toBeUndefined();
});

describe('verdicts', () => {
  const all = { structural: 'passed', content: 'passed', domain: 'passed' };
  test.each<[string, readonly Issue[], readonly QaStage[], object]>([
    ['nothing found', [], [], {}],
    ['fixed', [issue('structural', 'fix')], [], { structural: 'repaired' }],
    ['filtered', [issue('domain', 'filter')], [], { domain: 'repaired' }],
    ['flagged', [issue('domain', 'flag'), issue('domain', 'fix')], [], { domain: 'degraded' }],
    ['asked again', [], ['content'], { content: 'repaired' }],
    ['taken as it is', [issue('domain', 'reask')], ['domain'], { domain: 'degraded' }],
  ])('%s', (_, issues, failedAt, expected) => {
    expect(verdictsOf(issues, new Set(failedAt))).toEqual({ ...all, ...expected });
  });

  test('of a failure', () => {
    const verdicts = verdictsOf([issue('content')], new Set<QaStage>(['structural', 'content']), 'content');
    expect(verdicts).toEqual({ structural: 'repaired', content: 'failed', domain: 'passed' });
  });
});
