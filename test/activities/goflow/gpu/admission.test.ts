import type { ActivitySlotInfo, SlotPermit, SlotReserveContext } from '@temporalio/worker';
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Admission } from '../../../../activities/goflow/gpu/admission.ts';
import { failureOf } from '../../../support/activity.ts';
import { sleep } from '../../../support/wait.ts';

const context = {} as SlotReserveContext;

/** Admission over a number that a test sets. */
function admissionOf(room: number) {
  const state = { room, placesTaken: 0, waited: 0 };
  const admission = new Admission({
    roomWithoutPermits: () => state.room,
    placesTaken: () => state.placesTaken,
    onWaiting: () => (state.waited += 1),
  });
  const reserve = (signal: AbortSignal = new AbortController().signal): Promise<SlotPermit> =>
    admission.supplier.reserveSlot(context, signal);
  const release = (permit: SlotPermit) =>
    admission.supplier.releaseSlot({ permit, slotInfo: undefined as unknown as ActivitySlotInfo });
  return { admission, state, reserve, release };
}

/** `granted` or `waits`, after a moment. */
async function stateOf(promise: Promise<unknown>): Promise<'granted' | 'waits'> {
  return Promise.race([promise.then(() => 'granted' as const), sleep(60).then(() => 'waits' as const)]);
}

describe('a permit', () => {
  test('is granted while there is room, and no more than that', async () => {
    const { reserve } = admissionOf(2);
    await Promise.all([reserve(), reserve()]);
    const controller = new AbortController();
    const third = reserve(controller.signal);
    expect(await stateOf(third)).toBe('waits');
    controller.abort(new Error('no more'));
    expect(await failureOf(third)).toMatchObject({ message: 'no more' });
  });

  test('that is given back lets the next one in', async () => {
    const { reserve, release } = admissionOf(1);
    const permit = await reserve();
    const next = reserve();
    expect(await stateOf(next)).toBe('waits');
    release(permit);
    await next;
  });

  test('never becomes a place: both count, and each ends by itself', async () => {
    const { admission, reserve, release, state } = admissionOf(1);
    const permit = await reserve();
    // the staging took a place, and then its permit was released
    state.room = 0;
    release(permit);
    const next = reserve();
    expect(await stateOf(next)).toBe('waits');
    state.room = 1;
    admission.wake();
    await next;
  });

  test('is granted to one only, when one place is free and many wait', async () => {
    const { admission, reserve, state } = admissionOf(0);
    const controller = new AbortController();
    const waiting = Array.from({ length: 5 }, () => reserve(controller.signal));
    const settled = Promise.allSettled(waiting);
    state.room = 1;
    admission.wake();
    await sleep(60);
    controller.abort(new Error('no more'));
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is not lost when its poller leaves in the moment it is granted', async () => {
    const { reserve, state } = admissionOf(1);
    state.placesTaken = 1_000;
    const controller = new AbortController();
    const leaving = failureOf(reserve(controller.signal));
    controller.abort(new Error('leaves'));
    expect(await leaving).toMatchObject({ message: 'leaves' });
    state.placesTaken = 0;
    await reserve();
  });

  test('comes later on a fuller host, so that a burst spreads', async () => {
    const [empty, full] = [admissionOf(1), admissionOf(1)];
    full.state.placesTaken = 20;
    const order: string[] = [];
    await Promise.all([full.reserve().then(() => order.push('full')), empty.reserve().then(() => order.push('empty'))]);
    expect(order).toEqual(['empty', 'full']);
  });

  test('is never granted at once: an eager start would pass by the shared queue', () => {
    expect(admissionOf(5).admission.supplier.tryReserveSlot(context)).toBeNull();
  });
});

describe('whoever waits for room', () => {
  test('looks for idle places when it begins to wait, and again now and then', async () => {
    const { reserve, state } = admissionOf(0);
    const waiting = reserve();
    expect(state.waited).toBe(1);
    // nobody wakes it: it looks by itself
    state.room = 1;
    await waiting;
    expect(state.waited).toBeGreaterThanOrEqual(1);
  });

  test('leaves no listener on the signal of the worker', async () => {
    const { admission, reserve, state } = admissionOf(0);
    const { signal } = new AbortController();
    const waiting = reserve(signal);
    for (let index = 0; index < 20; index += 1) {
      admission.wake();
      await sleep(0);
    }
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    state.room = 1;
    admission.wake();
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('goes at once when the worker shuts down', async () => {
    const { reserve } = admissionOf(0);
    expect(await failureOf(reserve(AbortSignal.abort(new Error('shut down'))))).toMatchObject({ message: 'shut down' });
  });
});
