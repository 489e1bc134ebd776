import type { SlotPermit } from '@temporalio/worker';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Host } from '../../../../activities/goflow/gpu/host.ts';
import { failureOf } from '../../../support/activity.ts';
import { sleep, until } from '../../../support/wait.ts';
import { image } from '../../qa/answers.ts';
import { gpuHost } from './hosts.ts';

const never = new AbortController().signal;

/** As many pollers as a test likes: how many of them got a permit. */
function pollers(host: Host, count: number) {
  const end = new AbortController();
  const granted: SlotPermit[] = [];
  for (let index = 0; index < count; index += 1) {
    const permit = host.admission.supplier.reserveSlot({} as never, end.signal);
    permit.then(
      (given) => granted.push(given),
      () => undefined,
    );
  }
  onTestFinished(() => end.abort(new Error('the test is over')));
  const release = () => host.admission.supplier.releaseSlot({ permit: granted.pop() } as never);
  return { granted, release };
}

/** Long enough to see that nothing more comes. */
const settled = () => sleep(80);

/** Takes a lane until it is told to give it back. */
function busyLane(host: Host, key: string): () => void {
  let end: () => void = () => undefined;
  const work = host.lanes.run(
    { image: { key, order: 1, toDo: 1 } },
    never,
    () => new Promise<void>((resolve) => (end = resolve)),
  );
  onTestFinished(async () => {
    end();
    await work;
  });
  return () => end();
}

describe('a host takes images', () => {
  test('as many as it has lanes, while none of them works', async () => {
    const { host } = await gpuHost({ lanes: 2, stageAhead: 1 });
    const { granted } = pollers(host, 5);
    await until('the lanes are spoken for', () => granted.length === 2);
    await settled();
    expect(granted).toHaveLength(2);
  });

  test('and a few ahead once all lanes work', async () => {
    const { host } = await gpuHost({ lanes: 2, stageAhead: 1 });
    for (const key of ['a', 'b']) host.places.take(key, { ...image, sha256: key });
    const { granted } = pollers(host, 5);
    busyLane(host, 'a');
    await settled();
    expect(granted).toHaveLength(0);
    busyLane(host, 'b');
    await until('one is made ready', () => granted.length === 1);
    await settled();
    expect(granted).toHaveLength(1);
  });

  test('and the successor of one that has little to do', async () => {
    const { host } = await gpuHost({ lanes: 1, stageAhead: 0 });
    const place = host.places.take('a', image);
    const { granted } = pollers(host, 3);
    place.toCome = 7;
    await settled();
    expect(granted).toHaveLength(0);
    place.toCome = 6;
    host.admission.wake();
    await until('the next one is made ready', () => granted.length === 1);
    await settled();
    expect(granted).toHaveLength(1);
  });

  test('but no more of those than it has lanes, however little there is to do for each', async () => {
    const { host } = await gpuHost({ lanes: 2, stageAhead: 0 });
    for (const key of ['a', 'b', 'c']) host.places.take(key, { ...image, sha256: key }).toCome = 0;
    const { granted } = pollers(host, 5);
    await until('both lanes have a successor', () => granted.length === 1);
    await settled();
    expect(granted).toHaveLength(1);
  });

  test('again when a place or a permit is given back', async () => {
    const { host } = await gpuHost({ lanes: 1 });
    host.places.take('a', image);
    const { granted, release } = pollers(host, 3);
    await settled();
    expect(granted).toHaveLength(0);
    host.places.release('a');
    await until('the place is taken again', () => granted.length === 1);
    release();
    await until('the permit is given again', () => granted.length === 1);
  });

  test('only while its vision server answers', async () => {
    const { host, server } = await gpuHost({ lanes: 2 });
    await server.down();
    await host.health.check();
    const { granted } = pollers(host, 2);
    await settled();
    expect(granted).toHaveLength(0);
    await server.up();
    await host.health.check();
    await until('it takes images', () => granted.length === 2);
  });

  test('in the place of those that had nothing to do for long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { host } = await gpuHost({ lanes: 1, idlePlaceMs: 10_000 });
    host.places.take('idle', image);
    vi.setSystemTime(Date.now() + 11_000);
    const { granted } = pollers(host, 1);
    // real time goes on
    for (let look = 0; look < 100 && granted.length === 0; look += 1) await sleep(20);
    expect(granted).toHaveLength(1);
    expect(host.places.find('idle')).toBeUndefined();
  });
});

test('what waits for a lane of a host whose server is gone is told at once', async () => {
  const { host, server } = await gpuHost({ lanes: 1 });
  busyLane(host, 'a');
  const waiting = failureOf(host.lanes.run({ image: { key: 'b', order: 2, toDo: 1 } }, never, async () => 'never'));
  await server.down();
  await host.health.check();
  expect(await waiting).toMatchObject({
    code: 'HostUnavailable',
    message: expect.stringMatching(/^here: the vision server does not answer/) as string,
  });
});

test('lanes and places of a host are measured', async () => {
  const { host, metrics } = await gpuHost({ lanes: 2 });
  const read = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;
  host.places.take('a', image);
  const end = busyLane(host, 'a');
  expect([await read('gf25_places_taken'), await read('gf25_lanes_busy')]).toEqual([1, 1]);
  end();
  host.places.release('a');
  await until('the lane is free', async () => (await read('gf25_lanes_busy')) === 0);
  expect(await read('gf25_places_taken')).toBe(0);
});

describe('a host that leaves', () => {
  test('takes no image, turns away what waits, and lets end what runs', async () => {
    const { host } = await gpuHost({ lanes: 1 });
    const end = busyLane(host, 'a');
    const waiting = failureOf(host.lanes.run({ image: { key: 'b', order: 2, toDo: 1 } }, never, async () => 'never'));
    const state = { hasLeft: false };
    const leaving = host.leave(30_000).then(() => (state.hasLeft = true));
    expect(host.isLeaving).toBe(true);
    expect(await waiting).toMatchObject({ code: 'HostLeaving' });
    const { granted } = pollers(host, 1);
    await settled();
    expect([granted.length, state.hasLeft]).toEqual([0, false]);
    expect(
      await failureOf(host.lanes.run({ image: { key: 'c', order: 3, toDo: 1 } }, never, async () => 0)),
    ).toMatchObject({
      code: 'HostLeaving',
    });
    end();
    await leaving;
    expect(host.lanes.busy).toBe(0);
  });

  test('does not wait longer than it may', async () => {
    const { host } = await gpuHost({ lanes: 1 });
    busyLane(host, 'a');
    await host.leave(100);
    expect(host.lanes.busy).toBe(1);
  });
});
