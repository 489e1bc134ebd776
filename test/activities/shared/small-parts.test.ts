import { getEventListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { sha256 } from '../../../activities/shared/digest.ts';
import { joinUrl } from '../../../activities/shared/goflow-client.ts';
import { createMetrics } from '../../../activities/shared/metrics.ts';
import { linkSignals } from '../../../activities/shared/signals.ts';
import { createSingleFlight, orAborted } from '../../../activities/shared/single-flight.ts';
import { createStallWatch } from '../../../activities/shared/stall-watch.ts';
import { failureOf } from '../../support/activity.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a URL', () => {
  test.each([
    ['https://x', '/a', 'https://x/a'],
    ['https://x/', '/a', 'https://x/a'],
    ['https://x', 'a', 'https://x/a'],
    ['https://x//', '//a/b', 'https://x/a/b'],
    ['https://x/base', '/api/v1', 'https://x/base/api/v1'],
    ['https://x/base/', 'api/v1/', 'https://x/base/api/v1/'],
    ['https://x:8443/a/b', '/c?d=e', 'https://x:8443/a/b/c?d=e'],
  ])('of %s and %s is %s: exactly one slash, and the path of the base is kept (P15)', (base, path, url) => {
    expect(joinUrl(base, path)).toBe(url);
  });
});

describe('linked signals', () => {
  test('abort with the reason of the one that aborts', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const linked = linkSignals(first.signal, second.signal);
    expect(linked.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    first.abort(new Error('first'));
    expect(linked.signal.reason).toEqual(new Error('second'));
  });

  test('are aborted from the start when one of them is', () => {
    expect(linkSignals(new AbortController().signal, AbortSignal.abort('gone')).signal.reason).toBe('gone');
  });

  test('let go when they are stopped', () => {
    const controller = new AbortController();
    const linked = linkSignals(controller.signal, controller.signal);
    linked.stop();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(linked.signal.aborted).toBe(false);
  });
});

describe('a promise or an abort', () => {
  test('settles with what comes first, and leaves no listener', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(7), signal)).toBe(7);
    expect(await failureOf(orAborted(Promise.reject(new Error('no')), signal))).toEqual(new Error('no'));
    const aborted = new AbortController();
    const pending = orAborted(new Promise(() => undefined), aborted.signal);
    aborted.abort(new Error('left'));
    expect(await failureOf(pending)).toEqual(new Error('left'));
    await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
  });

  test('rejects at once when it is aborted already', async () => {
    const left = AbortSignal.abort(new Error('left'));
    expect(await failureOf(orAborted(new Promise(() => undefined), left))).toEqual(new Error('left'));
  });
});

describe('a single flight', () => {
  /** Work that ends when the test says so. */
  function controlled() {
    const calls: { finish: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
    const work = (signal: AbortSignal) =>
      new Promise<string>((finish, fail) => {
        calls.push({ finish, fail, signal });
      });
    return { calls, work, flight: createSingleFlight<string>() };
  }
  const never = () => new AbortController().signal;

  test('is made once for all who ask at the same time', async () => {
    const { calls, work, flight } = controlled();
    const all = Promise.all(Array.from({ length: 20 }, () => flight.do('a', never(), work)));
    calls[0]?.finish('seen');
    expect(await all).toEqual(Array.from({ length: 20 }, () => 'seen'));
    expect(calls).toHaveLength(1);
  });

  test('is made for each key, and again once it is over', async () => {
    const { calls, work, flight } = controlled();
    const [a, b] = [flight.do('a', never(), work), flight.do('b', never(), work)];
    calls[0]?.finish('a1');
    calls[1]?.finish('b1');
    expect([await a, await b]).toEqual(['a1', 'b1']);
    const again = flight.do('a', never(), work);
    calls[2]?.finish('a2');
    expect(await again).toBe('a2');
  });

  test('fails for all who wait, and is made again for the next', async () => {
    const { calls, work, flight } = controlled();
    const both = [flight.do('a', never(), work), flight.do('a', never(), work)].map(failureOf);
    calls[0]?.fail(new Error('no luck'));
    expect(await Promise.all(both)).toEqual([new Error('no luck'), new Error('no luck')]);
    const next = flight.do('a', never(), work);
    calls[1]?.finish('seen');
    expect(await next).toBe('seen');
  });

  test('goes on when one leaves, and ends when the last one leaves', async () => {
    const { calls, work, flight } = controlled();
    const [first, second] = [new AbortController(), new AbortController()];
    const left = [flight.do('a', first.signal, work), flight.do('a', second.signal, work)].map(failureOf);
    first.abort(new Error('first'));
    expect(await left[0]).toEqual(new Error('first'));
    expect(calls[0]?.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    expect(await left[1]).toEqual(new Error('second'));
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  test('that still ends is not for one who comes then: they get one of their own', async () => {
    const { calls, work, flight } = controlled();
    const first = new AbortController();
    const left = failureOf(flight.do('a', first.signal, work));
    first.abort(new Error('left'));
    await left;
    const next = flight.do('a', never(), work);
    calls[0]?.fail(new Error('cancelled'));
    const beside = flight.do('a', never(), work);
    calls[1]?.finish('seen');
    expect([await next, await beside]).toEqual(['seen', 'seen']);
    expect(calls).toHaveLength(2);
  });

  test('does not begin for somebody who has left already', async () => {
    const { calls, work, flight } = controlled();
    expect(await failureOf(flight.do('a', AbortSignal.abort(new Error('left')), work))).toEqual(new Error('left'));
    expect(calls).toEqual([]);
  });
});

describe('the stall watch', () => {
  function watchAt(now: { ms: number }) {
    vi.spyOn(performance, 'now').mockImplementation(() => now.ms);
    const watch = createStallWatch();
    onTestFinished(() => watch.close());
    return watch;
  }

  test('notices a standstill when it is asked, before its timer runs', () => {
    const now = { ms: 1_000_000 };
    const watch = watchAt(now);
    now.ms += 1_900;
    expect(watch.hasStalled()).toBe(false);
    now.ms += 2_100;
    expect(watch.hasStalled()).toBe(true);
  });

  test('remembers it for minutes, and forgets it then', () => {
    const now = { ms: 1_000_000 };
    const watch = watchAt(now);
    now.ms += 10_000;
    expect(watch.hasStalled()).toBe(true);
    for (let second = 0; second < 299; second += 1) {
      now.ms += 1_000;
      expect(watch.hasStalled()).toBe(true);
    }
    now.ms += 1_500;
    expect(watch.hasStalled()).toBe(false);
  });
});

test('metrics have the prefix, belong to one registry and can be made twice', async () => {
  const [first, second] = [createMetrics(), createMetrics()];
  first.jobs.inc({ outcome: 'acquired' });
  expect(await first.registry.metrics()).toContain('gf25_jobs_total{outcome="acquired"} 1');
  expect(await second.registry.metrics()).not.toContain('acquired');
  const names = (await first.registry.getMetricsAsJSON()).map(({ name }) => name);
  expect(names.every((name) => name.startsWith('gf25_'))).toBe(true);
});

test('a digest is SHA-256 in hex', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256(Buffer.from('ü'))).toBe(sha256('ü'));
});
