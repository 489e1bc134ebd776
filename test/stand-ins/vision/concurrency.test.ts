import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nowMs } from './clock.ts';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, picture, post, question, type Line } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

test('so many calls run at once as there are slots, the others wait their turn', async () => {
  standIn = await startVisionStandIn({ slots: 2, latencyMs: 100 });
  const startMs = nowMs();
  await Promise.all(['a', 'b', 'c', 'd'].map((text) => ask(standIn.url, question(undefined, text))));
  expect(nowMs() - startMs).toBeGreaterThan(195);
  expect(standIn.stats()).toMatchObject({ answered: 4, maxInFlight: 4, maxRunning: 2 });
  expect(new Set(standIn.calls().map(({ slot }) => slot))).toEqual(new Set([0, 1]));
});

test('an answer takes its latency, with reading the request and the image included', async () => {
  standIn = await startVisionStandIn({ latencyMs: 100 });
  const image = await picture('large', { width: 3000, height: 3000 });
  await ask(standIn.url, question(image));
  const durations: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    const startMs = nowMs();
    await ask(standIn.url, question(image, `question ${index}`));
    durations.push(nowMs() - startMs);
  }
  durations.sort((a, b) => a - b);
  expect(durations[0]).toBeGreaterThan(98);
  // the shortest: a busy machine delays most of them
  expect(durations[0]).toBeLessThan(115);
});

test('drawn latencies differ from call to call and are the same for the same call', async () => {
  standIn = await startVisionStandIn({ slots: 8, latencyMs: { meanMs: 60, sigma: 0.5 } });
  const texts = ['a', 'b', 'c', 'd', 'e', 'a'];
  await Promise.all(texts.map((text) => ask(standIn.url, question(undefined, text))));
  const durations = standIn.calls().map((call) => Math.round(((call.endedAtMs ?? 0) - (call.startedAtMs ?? 0)) / 10));
  expect(new Set(durations).size).toBeGreaterThan(2);
  const same = standIn.calls().filter(({ prompt }) => prompt === 'a');
  const [first = 0, second = 0] = same.map((call) => (call.endedAtMs ?? 0) - (call.startedAtMs ?? 0));
  expect(Math.abs(first - second)).toBeLessThan(40);
});

test('beyond the queue it is busy', async () => {
  standIn = await startVisionStandIn({ slots: 1, latencyMs: 80, maxQueue: 2 });
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((text) => post(`${standIn.url}/api/chat`, question(undefined, text))),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 503]);
  const busy = answers.find(({ status }) => status === 503);
  expect((JSON.parse(busy?.text ?? '') as Line).error).toBe(
    'server busy, please try again.  maximum pending requests exceeded',
  );
  expect(standIn.stats()).toMatchObject({ answered: 3, refused: 1 });
});

test('the first call pays for loading the model, the next does not', async () => {
  standIn = await startVisionStandIn({ loadMs: 80 });
  const cold = await ask(standIn.url, question(undefined));
  const warm = await ask(standIn.url, question(undefined));
  expect(cold.last.load_duration).toBeGreaterThan(75e6);
  expect(warm.last.load_duration).toBeLessThan(40e6);
  expect(standIn.stats().loads).toBe(1);
});

test('other runner options load the model again, after its running calls have ended', async () => {
  standIn = await startVisionStandIn({ slots: 2, latencyMs: 80, loadMs: 40 });
  await ask(standIn.url, question(undefined, 'warm', { options: { num_ctx: 8192, temperature: 0 } }));
  await ask(standIn.url, question(undefined, 'same', { options: { num_ctx: 8192, temperature: 1, seed: 3 } }));
  expect(standIn.stats().loads).toBe(1);
  await Promise.all([
    ask(standIn.url, question(undefined, 'running', { options: { num_ctx: 8192 } })),
    standIn
      .waitFor((calls) => calls.some(({ prompt, startedAtMs }) => prompt === 'running' && startedAtMs !== undefined))
      .then(() => ask(standIn.url, question(undefined, 'changed', { options: { num_ctx: 4096 } }))),
  ]);
  expect(standIn.stats()).toMatchObject({ loads: 2, maxRunning: 1 });
  const [, , running, changed] = standIn.calls();
  expect(changed?.startedAtMs).toBeGreaterThan((running?.endedAtMs ?? 0) + 35);
});

test('a model that nobody used for keep_alive is loaded again', async () => {
  standIn = await startVisionStandIn();
  await ask(standIn.url, question(undefined, 'a', { keep_alive: '20ms' }));
  await new Promise((resolve) => setTimeout(resolve, 40));
  await ask(standIn.url, question(undefined, 'b'));
  expect(standIn.stats().loads).toBe(2);
});

test('every event leaves a line in the log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vision-stand-in-'));
  const logFile = join(folder, 'events.jsonl');
  standIn = await startVisionStandIn({ logFile });
  await ask(standIn.url, question(await picture()));
  await post(`${standIn.url}/api/chat`, 'nonsense');
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as Line);
  expect(events.map(({ event }) => event)).toEqual(['received', 'loaded', 'started', 'ended', 'received', 'refused']);
  expect(events[2]).toMatchObject({ id: 1, slot: 0, encoded: true });
  expect(events[3]).not.toHaveProperty('prompt');
  standIn.script.add({ action: { kind: 'hang', phase: 'before-headers' } });
  const cut = ask(standIn.url, question(undefined)).catch(() => undefined);
  await standIn.waitFor((calls) => calls[2]?.startedAtMs !== undefined);
  await standIn.close();
  await cut;
  const [last = ''] = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-1);
  expect(JSON.parse(last)).toMatchObject({ event: 'ended', id: 3, outcome: 'failed' });
  await rm(folder, { recursive: true });
});
