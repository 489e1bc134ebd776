import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { afterEach, describe, expect, it } from 'vitest';

import { ThreadPool } from '../../../../activities/vision/embedded/thread-pool.ts';
import { VisionError } from '../../../../activities/vision/provider.ts';

/** Echoes a number after as many milliseconds; `crash` and `exit` end the thread. It is busy, as a detector is. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (order) => {
    if (order === 'crash') throw new Error('out of paper');
    if (order === 'exit') process.exit(7);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order);
    parentPort.postMessage(order);
  });`;

type Order = number | 'crash' | 'exit';

const never = new AbortController().signal;
const reason = new VisionError('stop', { kind: 'cancelled', scope: 'attempt' });
let pools: ThreadPool<Order, number>[] = [];

function poolOf(size: number) {
  const started: Worker[] = [];
  const pool = new ThreadPool<Order, number>(size, () => {
    const worker = new Worker(THREAD, { eval: true });
    started.push(worker);
    return worker;
  });
  pools.push(pool);
  return { pool, started };
}

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  pools = [];
});

describe('the thread pool', () => {
  it('starts no thread before it is asked', () => {
    expect(poolOf(2).started).toHaveLength(0);
  });

  it('answers in turn with one thread, and in parallel with two', async () => {
    const one = poolOf(1);
    expect(await Promise.all([30, 20, 10].map((ms) => one.pool.run(ms, never)))).toEqual([30, 20, 10]);
    expect(one.started).toHaveLength(1);
    const two = poolOf(2);
    await Promise.all([30, 20, 10].map((ms) => two.pool.run(ms, never)));
    expect(two.started).toHaveLength(2);
  });

  it('drops a queued call that is aborted, and never runs it', async () => {
    const { pool } = poolOf(1);
    const stop = new AbortController();
    const running = pool.run(50, never);
    const queued = pool.run('exit', stop.signal);
    stop.abort(reason);
    await expect(queued).rejects.toBe(reason);
    expect(await running).toBe(50);
    expect(await pool.run(1, never)).toBe(1);
  });

  it('ends a running call at once on abort; the thread finishes, then serves the next', async () => {
    const { pool, started } = poolOf(1);
    await pool.run(1, never);
    const stop = new AbortController();
    const startedMs = performance.now();
    const running = pool.run(400, stop.signal);
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(performance.now() - startedMs).toBeLessThan(300);
    expect(await pool.run(2, never)).toBe(2);
    expect(performance.now() - startedMs).toBeGreaterThan(380);
    expect(started).toHaveLength(1);
  });

  it.each(['crash', 'exit'] as const)(
    'fails the running call when the thread ends by %s, not the waiting',
    async (how) => {
      const { pool, started } = poolOf(1);
      const dying = pool.run(how, never);
      const waiting = pool.run(3, never);
      await expect(dying).rejects.toMatchObject({
        kind: 'runner-died',
        scope: 'attempt',
        message: expect.stringMatching(/out of paper|exit code 7/) as string,
      });
      expect(await waiting).toBe(3);
      expect(started).toHaveLength(2);
    },
  );

  it('refuses a call whose signal has already aborted', async () => {
    const { pool, started } = poolOf(1);
    await expect(pool.run(1, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(started).toHaveLength(0);
  });

  it('ends its threads on close, and fails what runs or waits as cancelled', async () => {
    const { pool, started } = poolOf(1);
    const calls = [pool.run(5_000, never), pool.run(1, never)];
    const outcomes = Promise.allSettled(calls);
    await sleep(20);
    await pool.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'cancelled', scope: 'attempt' } });
    }
    await expect(pool.run(1, never)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(started.map(({ threadId }) => threadId)).toEqual([-1]);
  });
});
