import { describe, expect, it } from 'vitest';

import { createSharedCache } from '../../../../activities/vision/embedded/shared-cache.ts';

const never = new AbortController().signal;

/** A computation that ends when the test says so, or with its signal. */
function controlled() {
  const calls: { finish: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const compute = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      calls.push({ finish: resolve, fail: reject, signal });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  return { calls, compute };
}

describe('the shared cache', () => {
  it('computes once for all who ask at the same time, and after', async () => {
    const { calls, compute } = controlled();
    const cache = createSharedCache<string>(2);
    const both = Promise.all([cache.get('a', never, compute), cache.get('a', never, compute)]);
    calls[0]?.finish('seen');
    expect(await both).toEqual(['seen', 'seen']);
    expect(await cache.get('a', never, compute)).toBe('seen');
    expect(calls).toHaveLength(1);
  });

  it('forgets what was asked for longest ago', async () => {
    let computed = 0;
    const cache = createSharedCache<number>(2);
    const get = (key: string) => cache.get(key, never, async () => (computed += 1));
    for (const key of ['a', 'b', 'a', 'c', 'a']) await get(key);
    expect(computed).toBe(3);
    await get('b');
    expect(computed).toBe(4);
  });

  it('does not keep failures', async () => {
    const { calls, compute } = controlled();
    const cache = createSharedCache<string>(2);
    const first = cache.get('a', never, compute);
    calls[0]?.fail(new Error('no luck'));
    await expect(first).rejects.toThrow('no luck');
    const second = cache.get('a', never, compute);
    calls[1]?.finish('seen');
    expect(await second).toBe('seen');
  });

  it('lets one caller leave while the other still waits', async () => {
    const { calls, compute } = controlled();
    const cache = createSharedCache<string>(2);
    const leaving = new AbortController();
    const left = cache.get('a', leaving.signal, compute);
    const stays = cache.get('a', never, compute);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(calls[0]?.signal.aborted).toBe(false);
    calls[0]?.finish('seen');
    expect(await stays).toBe('seen');
  });

  it('aborts the work when the last caller has left, and starts anew for the next', async () => {
    const { calls, compute } = controlled();
    const cache = createSharedCache<string>(2);
    const leaving = new AbortController();
    const left = cache.get('a', leaving.signal, compute);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(calls[0]?.signal.aborted).toBe(true);
    const next = cache.get('a', never, compute);
    calls[1]?.finish('seen');
    expect(await next).toBe('seen');
  });
});
