import { connect } from 'node:net';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { nowMs } from './clock.ts';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, question } from './support.ts';

let standIn: VisionStandIn;

/** Long against what a busy machine takes to notice something. */
const latencyMs = 1_500;

afterEach(async () => standIn.close());

/** Starts a call, leaves as soon as `when` holds, and waits until the stand-in has noticed. */
async function leaveWhen(when: Parameters<VisionStandIn['waitFor']>[0], stream = true): Promise<void> {
  const leave = new AbortController();
  const left = ask(standIn.url, question(undefined, 'leaver', { stream }), { signal: leave.signal });
  void left.catch(() => undefined);
  await standIn.waitFor(when);
  leave.abort();
  await expect(left).rejects.toThrow();
  await standIn.waitFor((calls) => calls.some(({ outcome }) => outcome === 'aborted'));
}

/** The one slot is free again: the next call starts at once. */
async function expectFreeSlot(): Promise<void> {
  const startMs = nowMs();
  await ask(standIn.url, question(undefined, 'next'));
  const next = standIn.calls().find(({ prompt }) => prompt === 'next');
  expect((next?.startedAtMs ?? 0) - startMs).toBeLessThan(latencyMs / 2);
}

test.each([true, false])('leaving before the first byte frees the slot (stream %s)', async (stream) => {
  standIn = await startVisionStandIn({ latencyMs });
  await leaveWhen(([call]) => call?.startedAtMs !== undefined, stream);
  expect(standIn.calls()[0]).toMatchObject({ outcome: 'aborted', firstByteAtMs: undefined, status: undefined });
  await expectFreeSlot();
});

test('leaving in the middle of the answer frees the slot', async () => {
  standIn = await startVisionStandIn({ latencyMs });
  await leaveWhen(([call]) => call?.firstByteAtMs !== undefined);
  expect(standIn.calls()[0]).toMatchObject({ outcome: 'aborted', status: 200 });
  await expectFreeSlot();
});

test('leaving while waiting for a slot gives up the place in the queue', async () => {
  standIn = await startVisionStandIn({ latencyMs: 150 });
  const running = ask(standIn.url, question(undefined, 'running'));
  await standIn.waitFor(([call]) => call?.startedAtMs !== undefined);
  await leaveWhen((calls) => calls.length === 2);
  expect(standIn.calls()[1]).toMatchObject({ outcome: 'aborted', startedAtMs: undefined });
  await running;
  await ask(standIn.url, question(undefined, 'next'));
  expect(standIn.stats()).toMatchObject({ answered: 2, aborted: 1, maxRunning: 1 });
});

test('leaving while the model loads gives up the load', async () => {
  standIn = await startVisionStandIn({ loadMs: 200 });
  await leaveWhen((calls) => calls.length === 1);
  expect(standIn.stats().loads).toBe(0);
  await ask(standIn.url, question(undefined));
  expect(standIn.stats()).toMatchObject({ loads: 1, answered: 1 });
});

test('leaving while another model loads is noticed at once', async () => {
  standIn = await startVisionStandIn({ loadMs: 300 });
  const first = ask(standIn.url, question(undefined, 'first', { model: 'one' }));
  await standIn.waitFor((calls) => calls.length === 1);
  await leaveWhen((calls) => calls.length === 2);
  expect(standIn.stats()).toMatchObject({ aborted: 1, loads: 0 });
  await first;
  expect(standIn.stats()).toMatchObject({ answered: 1, loads: 1 });
});

test('leaving while the request is still being sent is an abort too', async () => {
  standIn = await startVisionStandIn();
  const socket = connect(standIn.port, '127.0.0.1');
  socket.write('POST /api/chat HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"model":');
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  await standIn.waitFor(([call]) => call?.outcome === 'aborted');
  expect(standIn.calls()).toHaveLength(1);
});

test('closing the connection after the answer is no abort', async () => {
  standIn = await startVisionStandIn();
  const { body } = await request(`${standIn.url}/api/chat`, {
    method: 'POST',
    body: JSON.stringify(question(undefined)),
    reset: true,
  });
  await body.text();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(standIn.calls()).toMatchObject([{ outcome: 'answered' }]);
});
