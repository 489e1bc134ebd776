import { afterEach, expect, test } from 'vitest';
import { startVisionStandIn, type VisionStandIn } from './server.ts';
import { ask, failureOf, get, question } from './support.ts';

let standIn: VisionStandIn;

afterEach(async () => standIn.close());

test('down refuses connections and cuts the open ones, up listens on the same port', async () => {
  standIn = await startVisionStandIn({ latencyMs: 400 });
  const cut = failureOf(ask(standIn.url, question(undefined)));
  await standIn.waitFor(([call]) => call?.startedAtMs !== undefined);
  await standIn.down();
  expect(await cut).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  expect(await failureOf(ask(standIn.url, question(undefined)))).toBe('ECONNREFUSED');
  await standIn.waitFor(([call]) => call?.outcome === 'failed');
  const { url } = standIn;
  await standIn.up();
  expect((await ask(url, question(undefined))).last.done).toBe(true);
});

test('hangAll freezes running and new calls until up', async () => {
  standIn = await startVisionStandIn({ latencyMs: 50, slots: 2 });
  const running = ask(standIn.url, question(undefined, 'running'));
  await standIn.waitFor(([call]) => call?.startedAtMs !== undefined);
  standIn.hangAll();
  const late = ask(standIn.url, question(undefined, 'late'));
  const version = get(`${standIn.url}/api/version`);
  await standIn.waitFor((calls) => calls.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(standIn.stats()).toMatchObject({ answered: 0, maxInFlight: 2 });
  expect(await get(`${standIn.url}/_stand-in/health`)).toMatchObject({ status: 'ok' });
  await standIn.up();
  expect((await running).last.done).toBe(true);
  expect((await late).last.done).toBe(true);
  expect(await version).toHaveProperty('version');
});

test('a client may leave a frozen server', async () => {
  standIn = await startVisionStandIn();
  standIn.hangAll();
  const leave = new AbortController();
  const left = failureOf(ask(standIn.url, question(undefined), { signal: leave.signal }));
  await standIn.waitFor((calls) => calls.length === 1);
  leave.abort();
  expect(await left).toBe('AbortError');
  await standIn.waitFor(([call]) => call?.outcome === 'aborted');
});

test('waitFor says what it saw when nothing came', async () => {
  standIn = await startVisionStandIn();
  await ask(standIn.url, question(undefined));
  await expect(standIn.waitFor((calls) => calls.length === 2, { timeoutMs: 30 })).rejects.toThrow(
    'not seen within 30 ms; 1 calls: 1 answered',
  );
});

test('a predicate that throws fails the wait and not the server', async () => {
  standIn = await startVisionStandIn();
  const wait = standIn.waitFor((calls) => {
    if (calls.length > 0) throw new Error('no such call');
    return false;
  });
  const [answer] = await Promise.all([
    ask(standIn.url, question(undefined)),
    expect(wait).rejects.toThrow('no such call'),
  ]);
  expect(answer.last.done).toBe(true);
});

test.each([{ slots: 0 }, { latencyMs: -1 }, { latencyMs: { meanMs: 10, sigma: Number.NaN } }])(
  'it does not start with %o',
  async (options) => {
    await expect(startVisionStandIn(options)).rejects.toThrow(RangeError);
    standIn = await startVisionStandIn();
  },
);
