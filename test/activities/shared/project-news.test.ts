import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProjectNews } from '../../../activities/shared/project-news.ts';
import type { News } from '../../../workflows/goflow/contracts/messages.ts';
import { recordingLog } from '../../support/recording-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function newsOf(tell: (projectId: string, news: News) => Promise<void> = async () => undefined) {
  const told = vi.fn(tell);
  const recorded = recordingLog();
  return { told, recorded, news: createProjectNews({ tell: told }, recorded.log) };
}

const waiting = { sinceMs: 1, call: 'results', reason: 'GoFlowTimeout' };

describe('news', () => {
  test('of many results are one signal, within 5 s', async () => {
    const { told, news } = newsOf();
    for (let index = 0; index < 500; index += 1) news.accepted('p', `m${index % 20}`, `a${Math.floor(index / 20)}`);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toHaveBeenCalledOnce();
    const [projectId, { accepted }] = told.mock.calls[0] ?? ['', { accepted: {} }];
    expect(projectId).toBe('p');
    expect(Object.keys(accepted)).toHaveLength(20);
    expect(Object.values(accepted).flat()).toHaveLength(500);
  });

  test('go to the project they are about', async () => {
    const { told, news } = newsOf();
    news.accepted('p1', 'm', 'a');
    news.accepted('p2', 'm', 'b');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.mock.calls).toEqual([
      ['p1', { accepted: { m: ['a'] } }],
      ['p2', { accepted: { m: ['b'] } }],
    ]);
  });

  test('are not told twice', async () => {
    const { told, news } = newsOf();
    news.accepted('p', 'm', 'a');
    await vi.advanceTimersByTimeAsync(60_000);
    news.accepted('p', 'm', 'b');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.mock.calls.map(([, { accepted }]) => accepted)).toEqual([{ m: ['a'] }, { m: ['b'] }]);
  });

  test('of a GoFlow that keeps a project waiting are told at once, and again after ten minutes at most', async () => {
    const { told, news } = newsOf();
    for (let second = 0; second < 1_200; second += 10) {
      news.waiting('p', waiting);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(told.mock.calls).toEqual([
      ['p', { accepted: {}, waitingForGoflow: waiting }],
      ['p', { accepted: {}, waitingForGoflow: waiting }],
    ]);
  });

  test('of a GoFlow that answers again are told, and the next wait, too', async () => {
    const { told, news } = newsOf();
    news.waiting('p', waiting);
    await vi.advanceTimersByTimeAsync(1_000);
    news.reachable('p');
    await vi.advanceTimersByTimeAsync(1_000);
    news.waiting('p', waiting);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.mock.calls.map(([, { waitingForGoflow }]) => waitingForGoflow)).toEqual([waiting, null, waiting]);
  });

  test('of a GoFlow that lets hundreds of waiting calls through become few signals', async () => {
    const { told, news } = newsOf();
    news.waiting('p', waiting);
    await vi.advanceTimersByTimeAsync(1_000);
    for (let call = 0; call < 200; call += 1) {
      news.reachable('p');
      news.accepted('p', 'm', `a${call}`);
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.mock.calls.length).toBeLessThanOrEqual(6);
    const accepted = told.mock.calls.flatMap(
      ([
        ,
        {
          accepted: { m = [] },
        },
      ]) => m,
    );
    expect(accepted).toHaveLength(200);
  });

  test('that contradict each other in one signal say the last', async () => {
    const { told, news } = newsOf();
    news.waiting('p', waiting);
    news.reachable('p');
    news.accepted('p', 'm', 'a');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.mock.calls).toEqual([['p', { accepted: { m: ['a'] }, waitingForGoflow: null }]]);
  });

  test('that nobody takes are lost without harm', async () => {
    const { told, news, recorded } = newsOf(() => Promise.reject(new Error('workflow is over')));
    news.accepted('p', 'm', 'a');
    await vi.advanceTimersByTimeAsync(5_000);
    news.accepted('p', 'm', 'b');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toHaveBeenCalledTimes(2);
    expect(recorded.lines()).toMatchObject([{ level: 'debug' }, { level: 'debug' }]);
  });

  test('that are left are told at the end unless they are for show, and no timer stays', async () => {
    const { told, news } = newsOf();
    news.accepted('p1', 'm', 'a');
    news.waiting('p2', waiting);
    await news.close();
    expect(told.mock.calls).toEqual([['p2', { accepted: {}, waitingForGoflow: waiting }]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
