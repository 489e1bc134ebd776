import { endMedia, newProject, plannedProject, startedAtMs, startMedia } from '../../../support/project-states.ts';
import { describe, expect, test } from 'vitest';
import type { Phase } from '../../../../workflows/goflow/contracts/progress.ts';
import type { ProjectState } from '../../../../workflows/goflow/steps/project-state.ts';
import { progressOf } from '../../../../workflows/goflow/steps/progress.ts';
import { planOf } from '../../../support/plans.ts';

const plan = planOf({ images: 3, analyses: 4 });
const [m1 = '', m2 = '', m3 = ''] = plan.media.map(({ id }) => id);
const since = '2026-11-20T10:00:00.000Z';
const progress = (state: ProjectState) => progressOf(state, since);

describe('the phase of a project', () => {
  const goflow = { sinceMs: startedAtMs, call: 'results', reason: 'GoFlowTimeout: no answer' };

  test.each<[Phase, (state: ProjectState) => unknown]>([
    ['waiting-for-gpu', () => undefined],
    ['waiting-for-gpu', (state) => startMedia(state, m1)],
    ['processing', (state) => startMedia(state, m1, { staged: true, host: 'gpu-1' })],
    ['paused', (state) => [Object.assign(startMedia(state, m1, { staged: true }), { toldPaused: true }), pause(state)]],
    ['holding', (state) => (state.hold = { kind: 'report', reason: 'x' })],
    ['holding', (state) => pause(state) && (state.hold = { kind: 'processing', reason: 'x' })],
    ['waiting-for-goflow', (state) => (state.waitingForGoflow = goflow)],
    ['waiting-for-goflow', (state) => pause(state) && (state.waitingForGoflow = goflow)],
    ['completing', (state) => (state.step = 'completing')],
    ['done', (state) => Object.assign(state, { waitingForGoflow: goflow, ending: 'done' })],
    ['failed', (state) => (state.ending = 'failed')],
    ['cancelled', (state) => pause(state) && (state.ending = 'cancelled')],
  ])('is %s', (phase, bring) => {
    const state = plannedProject(plan);
    bring(state);
    expect(progress(state).phase).toBe(phase);
  });

  test('is planning before there is a plan', () => {
    expect(newProject(plan).phase()).toBe('planning');
  });
});

const pause = (state: ProjectState) => (state.paused = true);

describe('progress', () => {
  test('before there is a plan, counts what the job asks for', () => {
    expect(progress(newProject(plan))).toEqual({
      phase: 'planning',
      since,
      totals: { combinations: 12, done: 0, failed: 0, running: 0 },
      media: [],
      failures: [],
      ignoredSignals: [],
    });
  });

  test('nothing is at work while a status is refused, nor once a project is over', () => {
    const state = plannedProject(plan);
    startMedia(state, m1, { staged: true, host: 'gpu-1' });
    state.hold = { kind: 'processing', reason: 'x' };
    expect(progress(state)).toMatchObject({
      totals: { running: 0 },
      media: [{ state: 'staging', host: 'gpu-1' }, {}, {}],
    });
    Object.assign(state, { hold: undefined, ending: 'cancelled' });
    expect(progress(state)).toMatchObject({ totals: { running: 0 }, media: [{ state: 'waiting' }, {}, {}] });
  });

  test('shows each image with its state, host and numbers', () => {
    const state = plannedProject(plan);
    startMedia(state, m1);
    endMedia(state, m1, 3);
    startMedia(state, m2, { staged: true, host: 'gpu-1', accepted: new Set(['a', 'b']) });
    expect(progress(state)).toMatchObject({
      totals: { combinations: 12, done: 5, failed: 1, running: 2 },
      planDigest: plan.digest,
      media: [
        { mediaId: m1, filename: 'image-0001.jpg', state: 'failed', done: 3, failed: 1, total: 4 },
        { mediaId: m2, state: 'analysing', host: 'gpu-1', done: 2, failed: 0, total: 4 },
        { mediaId: m3, state: 'waiting', done: 0, failed: 0, total: 4 },
      ],
      failures: [{ mediaId: m1, code: 'QaRejected', message: 'no answer passed QA' }],
    });
  });

  test('never counts more as done than an image has running, whatever the news say', () => {
    const state = plannedProject(plan);
    startMedia(state, m1, { staged: true, accepted: new Set(['a', 'b', 'c', 'd', 'e', 'f']) });
    expect(progress(state).totals).toEqual({ combinations: 12, done: 4, failed: 0, running: 0 });
  });

  test('counts what only a query has told, and nothing twice', () => {
    const state = plannedProject(plan);
    startMedia(state, m1, { staged: true, accepted: new Set(['a', 'b']), seen: new Set(['b', 'c']) });
    expect(progress(state).totals).toMatchObject({ done: 3, running: 1 });
  });

  test('of an image without a host says that it is being staged', () => {
    const state = plannedProject(plan);
    startMedia(state, m1);
    expect(progress(state)).toMatchObject({
      phase: 'waiting-for-gpu',
      waitingFor: 'a GPU host with room',
      totals: { running: 0 },
      media: [{ state: 'staging' }, { state: 'waiting' }, { state: 'waiting' }],
    });
    expect(progress(state).media[0]).not.toHaveProperty('host');
  });

  test('of an image that is done says so, and of one that is retried that it waits', () => {
    const state = plannedProject(plan);
    startMedia(state, m1);
    endMedia(state, m1, 4);
    startMedia(state, m2);
    endMedia(state, m2, 2);
    state.combinations.retry({ mediaId: m2 });
    expect(progress(state).media.map((item) => item.state)).toEqual(['done', 'waiting', 'waiting']);
  });

  test.each<[(state: ProjectState) => unknown, RegExp | undefined]>([
    [(state) => (state.hold = { kind: 'report', reason: 'GoFlow refused it' }), /^an operator: GoFlow refused it$/],
    [pause, /^an operator: resume$/],
    [
      (state) => (state.waitingForGoflow = { sinceMs: startedAtMs, call: 'results', reason: 'GoFlowTimeout' }),
      /^GoFlow since 2026-11-20T10:00:00\.000Z: results: GoFlowTimeout$/,
    ],
    [(state) => pause(state) && (state.ending = 'cancelled'), undefined],
    [(state) => startMedia(state, m1, { staged: true }), undefined],
  ])('says what it waits for (%#)', (bring, expected) => {
    const state = plannedProject(plan);
    bring(state);
    const { waitingFor } = progress(state);
    if (expected) expect(waitingFor).toMatch(expected);
    else expect(waitingFor).toBeUndefined();
  });

  test('lists 50 failures at most, and counts them all', () => {
    const large = planOf({ images: 10, analyses: 25 });
    const state = plannedProject(large);
    for (const { id } of large.media) {
      startMedia(state, id);
      endMedia(state, id);
    }
    expect(progress(state).failures).toHaveLength(50);
    expect(progress(state).totals.failed).toBe(250);
  });

  test('numbers add up in every state of every image', () => {
    const state = plannedProject(plan);
    const expectSum = () => {
      const { totals, media } = progress(state);
      expect(totals.done + totals.failed + totals.running).toBeLessThanOrEqual(totals.combinations);
      expect(media.reduce((sum, item) => sum + item.total, 0)).toBe(totals.combinations);
      expect(media.reduce((sum, item) => sum + item.failed, 0)).toBe(totals.failed);
    };
    for (const id of [m1, m2, m3]) {
      expectSum();
      startMedia(state, id, { staged: true, accepted: new Set(['a']) });
      expectSum();
      if (id !== m3) endMedia(state, id, 2);
      expectSum();
      state.combinations.retry({});
      expectSum();
    }
  });
});
