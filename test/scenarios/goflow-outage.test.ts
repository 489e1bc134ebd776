import { expect, test } from 'vitest';
import { expectUnharmed } from '../support/expectations.ts';
import { openSite } from '../support/site.ts';
import { until } from '../support/wait.ts';

const slow = { goflow: { slowRetrySeconds: 5 }, images: { slowRetrySeconds: 5 } };

test('GoFlow down for two minutes, then refusing the key: no combination fails, nothing is analysed twice', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 100 }], settings: slow });
  const job = site.enqueue({ images: 12, analyses: 5 });
  await site.goflow.waitFor((goflow) => goflow.calls().some(({ endpoint }) => endpoint === 'E3'), {
    timeoutMs: 20_000,
  });
  await site.goflow.down();
  const downAt = Date.now();
  const waiting = await site.untilPhase(job, 'waiting-for-goflow', 60_000);
  expect(waiting.waitingFor).toMatch(/GoFlow since \d{4}-/);
  // most images have not been staged: they come from GoFlow, too
  expect(waiting.media.filter(({ state }) => state === 'staging').length).toBeGreaterThan(3);
  await until('two minutes are over', () => Date.now() - downAt > 120_000, { timeoutMs: 130_000, everyMs: 1_000 });
  expect((await site.progress(job)).phase).toBe('waiting-for-goflow');
  site.goflow.faults.add({ endpoint: 'any', forMs: 10_000, action: { kind: 'answer', status: 401 } });
  await site.goflow.up();
  await expectUnharmed(site, job);
  expect(site.goflow.calls().some(({ status }) => status === 401)).toBe(true);
  expect(site.log()).toContain('GoFlow refused the key');
  await site.close();
}, 240_000);
