import { getEventListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Lanes } from '../../../../activities/goflow/gpu/lanes.ts';
import { Failure } from '../../../../activities/shared/failure.ts';
import { failureOf } from '../../../support/activity.ts';
import { until } from '../../../support/wait.ts';

const never = () => new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface More {
  readonly signal?: AbortSignal;
  readonly toDo?: number;
  readonly isNext?: boolean;
}

/** Lanes, and work on them that ends when it is told to. */
function lanesOf(total: number, kept: () => number = () => 0) {
  let changes = 0;
  const lanes = new Lanes(total, { onChange: () => (changes += 1), kept });
  const running: string[] = [];
  const ends = new Map<string, (why?: Error) => void>();
  const start = (name: string, key: string, order: number, more: More = {}) =>
    lanes.run(
      { isNext: more.isNext ?? false, image: { key, order, toDo: more.toDo ?? 1 } },
      more.signal ?? never(),
      async () => {
        running.push(name);
        await new Promise<void>((resolve, reject) => ends.set(name, (why) => (why ? reject(why) : resolve())));
        running.splice(running.indexOf(name), 1);
        return `${name} is done`;
      },
    );
  const end = async (name: string) => {
    await turn();
    ends.get(name)?.();
    await turn();
  };
  return {
    lanes,
    running,
    start,
    end,
    fail: (name: string, why: Error) => ends.get(name)?.(why),
    changes: () => changes,
  };
}

describe('lanes', () => {
  test('run as much as there are of them, and not more', async () => {
    const { lanes, running, start, end } = lanesOf(2);
    const all = ['a', 'b', 'c', 'd'].map((name, index) => start(name, name, index));
    await turn();
    expect(running).toEqual(['a', 'b']);
    expect([lanes.busy, lanes.spare]).toEqual([2, 0]);
    await end('a');
    expect(running).toEqual(['b', 'c']);
    for (const name of ['b', 'c', 'd']) await end(name);
    expect(await Promise.all(all)).toEqual(['a is done', 'b is done', 'c is done', 'd is done']);
    expect([lanes.busy, lanes.spare]).toEqual([0, 2]);
  });

  test('are spare when nobody uses or waits for them', async () => {
    const { lanes, start, end } = lanesOf(3);
    expect(lanes.spare).toBe(3);
    const first = start('a', 'one', 1);
    expect(lanes.spare).toBe(2);
    await end('a');
    await first;
    expect(lanes.spare).toBe(3);
  });

  test('are free again after work that failed', async () => {
    const { lanes, start, fail } = lanesOf(1);
    const first = failureOf(start('a', 'one', 1));
    await turn();
    fail('a', new Error('no'));
    expect(await first).toMatchObject({ message: 'no' });
    expect(lanes.busy).toBe(0);
    expect(await lanes.run({ image: { key: 'two', order: 2, toDo: 1 } }, never(), async () => 'runs')).toBe('runs');
  });

  test('tell whenever one becomes busy or free', async () => {
    const { start, end, changes } = lanesOf(1);
    const all = [start('a', 'one', 1), start('b', 'one', 1)];
    expect(changes()).toBe(1);
    await end('a');
    const afterFirst = changes();
    expect(afterFirst).toBeGreaterThanOrEqual(2);
    await end('b');
    expect(changes()).toBeGreaterThan(afterFirst);
    await Promise.all(all);
  });
});

describe('a free lane', () => {
  /** In which order work is admitted on one lane, while the first has it. */
  async function orderOf(works: readonly (readonly [name: string, image: string, order: number])[]) {
    const { running, start, end } = lanesOf(1);
    const all = works.map(([name, image, order]) => start(name, image, order));
    await turn();
    const order: string[] = [...running];
    while (running.length > 0) {
      const before = [...running];
      await end(running[0] ?? '');
      order.push(...running.filter((name) => !before.includes(name)));
    }
    await Promise.all(all);
    return order;
  }

  test('goes to the image that came first', async () => {
    const works = [
      ['x', 'x', 9],
      ['c', 'three', 3],
      ['a', 'one', 1],
      ['b', 'two', 2],
    ] as const;
    expect(await orderOf(works)).toEqual(['x', 'a', 'b', 'c']);
  });

  test('goes on with the same image as long as that has work: its prefix is paid', async () => {
    const works = [
      ['b1', 'b', 2],
      ['a1', 'a', 1],
      ['b2', 'b', 2],
      ['b3', 'b', 2],
    ] as const;
    expect(await orderOf(works)).toEqual(['b1', 'b2', 'b3', 'a1']);
  });

  test('goes on with a repair before what else waits for the image', async () => {
    const { running, start, end } = lanesOf(1);
    const all = [start('a1', 'a', 1), start('a2', 'a', 1), start('b1', 'b', 2), start('fix', 'a', 1, { isNext: true })];
    await end('a1');
    expect(running).toEqual(['fix']);
    await end('fix');
    expect(running).toEqual(['a2']);
    for (const name of ['a2', 'b1']) await end(name);
    await Promise.all(all);
  });

  test('helps the image that has most to do for each of its lanes', async () => {
    const { running, start, end } = lanesOf(3);
    const all = [
      start('x', 'x', 1),
      start('a1', 'a', 2, { toDo: 4 }),
      start('b1', 'b', 3, { toDo: 9 }),
      start('a2', 'a', 2, { toDo: 4 }),
      start('b2', 'b', 3, { toDo: 9 }),
    ];
    await end('x');
    expect(running).toEqual(['a1', 'b1', 'b2']);
    for (const name of ['b1', 'b2', 'a1', 'a2']) await end(name);
    await Promise.all(all);
  });

  test('is kept for an image that comes in a moment, rather than be the second of another', async () => {
    let coming = 1;
    const { running, start, end } = lanesOf(2, () => coming);
    const all = [start('a1', 'a', 1), start('a2', 'a', 1)];
    await turn();
    expect(running).toEqual(['a1']);
    all.push(start('b1', 'b', 2));
    await turn();
    expect(running).toEqual(['a1', 'b1']);
    await end('b1');
    expect(running).toEqual(['a1']);
    coming = 0;
    await until('nothing comes any more', () => running.includes('a2'));
    for (const name of ['a1', 'a2']) await end(name);
    await Promise.all(all);
  });

  test('is not kept when enough others are', async () => {
    const { running, start, end } = lanesOf(4, () => 1);
    const all = ['a1', 'a2', 'a3', 'a4'].map((name) => start(name, 'a', 1));
    await turn();
    expect(running).toEqual(['a1', 'a2', 'a3']);
    all.push(start('b1', 'b', 2));
    await turn();
    expect(running).toEqual(['a1', 'a2', 'a3', 'b1']);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1']) await end(name);
    await Promise.all(all);
  });

  test('goes to the image that has none, so that each keeps about one', async () => {
    const { running, start, end } = lanesOf(2);
    const works = [
      ['a1', 'a', 1],
      ['b1', 'b', 2],
      ['a2', 'a', 1],
      ['c1', 'c', 3],
    ] as const;
    const all = works.map(([name, image, order]) => start(name, image, order));
    await end('b1');
    // a came first, but it has a lane already
    expect(running).toEqual(['a1', 'c1']);
    await end('a1');
    expect(running).toEqual(['c1', 'a2']);
    for (const name of ['c1', 'a2']) await end(name);
    await Promise.all(all);
  });

  test('does not stand idle while one image alone has work', async () => {
    const { running, start, end } = lanesOf(3);
    const all = ['a1', 'a2', 'a3'].map((name) => start(name, 'a', 1));
    await turn();
    expect(running).toHaveLength(3);
    for (const name of ['a1', 'a2', 'a3']) await end(name);
    await Promise.all(all);
  });
});

describe('whoever waits', () => {
  test('can leave at any moment, and the next one comes in its place', async () => {
    const { lanes, running, start, end } = lanesOf(1);
    const controller = new AbortController();
    const first = start('a', 'one', 1);
    const leaves = failureOf(start('b', 'two', 2, { signal: controller.signal }));
    const last = start('c', 'three', 3);
    await turn();
    controller.abort(new Error('had enough'));
    expect(await leaves).toMatchObject({ message: 'had enough' });
    await end('a');
    expect(running).toEqual(['c']);
    await end('c');
    await Promise.all([first, last]);
    expect(lanes.spare).toBe(1);
  });

  test('is not let in when it had left before it came', async () => {
    const { lanes, running, start } = lanesOf(1);
    expect(await failureOf(start('a', 'one', 1, { signal: AbortSignal.abort(new Error('too late')) }))).toMatchObject({
      message: 'too late',
    });
    await turn();
    expect(running).toEqual([]);
    expect([lanes.busy, lanes.spare]).toEqual([0, 1]);
  });

  test('leaves no listener on its signal, whichever way it goes', async () => {
    const { lanes, start, end } = lanesOf(1);
    const signal = never();
    const first = start('a', 'one', 1, { signal });
    const evicted = failureOf(start('b', 'two', 2, { signal }));
    lanes.evict(new Failure('HostUnavailable', 'is gone'));
    await evicted;
    await end('a');
    await first;
    lanes.close(new Failure('HostLeaving', 'is leaving'));
    await failureOf(start('c', 'three', 3, { signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('when the host goes', () => {
  test('what waits fails with the reason, and what runs goes on', async () => {
    const { lanes, running, start, end } = lanesOf(1);
    const first = start('a', 'one', 1);
    const waiting = [failureOf(start('b', 'two', 2)), failureOf(start('c', 'three', 3))];
    await turn();
    lanes.evict(new Failure('HostUnavailable', 'is gone'));
    for (const failure of await Promise.all(waiting)) expect(failure).toMatchObject({ code: 'HostUnavailable' });
    expect(running).toEqual(['a']);
    const later = start('d', 'four', 4);
    await end('a');
    expect(await first).toBe('a is done');
    expect(running).toEqual(['d']);
    await end('d');
    await later;
  });

  test('or is paused, what an image has not begun is handed back, but not what repairs an answer', async () => {
    const { lanes, running, start, end } = lanesOf(1);
    const first = start('a', 'one', 1);
    const mine = failureOf(start('b', 'one', 1));
    const repair = start('c', 'one', 1, { isNext: true });
    const other = start('d', 'two', 2);
    await turn();
    lanes.evictNew('one', new Failure('ImageReleased', 'the project was paused'));
    expect(await mine).toMatchObject({ code: 'ImageReleased' });
    expect(running).toEqual(['a']);
    for (const name of ['a', 'c', 'd']) await end(name);
    expect(await Promise.all([first, repair, other])).toEqual(['a is done', 'c is done', 'd is done']);
  });

  test('closed lanes let nobody in any more, and count no one', async () => {
    const { lanes, running, start, end } = lanesOf(2);
    const first = start('a', 'one', 1);
    await turn();
    lanes.close(new Failure('HostLeaving', 'is leaving'));
    expect(await failureOf(start('b', 'two', 2))).toMatchObject({ code: 'HostLeaving' });
    expect(running).toEqual(['a']);
    await end('a');
    await first;
    expect(lanes.busy).toBe(0);
  });
});

test('how long a turn usually takes follows the turns that ended well', async () => {
  const lanes = new Lanes(1);
  const clock = vi.spyOn(performance, 'now');
  onTestFinished(() => clock.mockRestore());
  const takeMs = (ms: number, why?: Error) => {
    clock.mockReturnValueOnce(1_000).mockReturnValueOnce(1_000 + ms);
    const work = () => (why ? Promise.reject(why) : Promise.resolve());
    return lanes.run({ image: { key: 'a', order: 1, toDo: 1 } }, never(), work);
  };
  expect(lanes.usualTurnMs).toBeUndefined();
  await takeMs(100);
  expect(lanes.usualTurnMs).toBe(100);
  await takeMs(20);
  expect(lanes.usualTurnMs).toBe(90);
  await expect(takeMs(5_000, new Error('no answer'))).rejects.toThrow('no answer');
  expect(lanes.usualTurnMs).toBe(90);
});
