import { expect, test } from 'vitest';
import { collectResults } from '../../client/report/collect-results.ts';
import { expectCompleted, expectUnharmed } from '../support/expectations.ts';
import { openSite } from '../support/site.ts';
import { until } from '../support/wait.ts';
import { post } from '../stand-ins/vision/support.ts';

const env = (kind: string) => ({ GF25_VISION_PROVIDER: kind });

test.each([
  ['ollama', { provider: 'ollama', serverVersion: '0.33.7', modelDigest: 'abc' }],
  ['openai', { provider: 'openai', serverVersion: 'vllm 0.33.7' }],
])('a whole project through %s: images are recognised, and answers say what made them', async (kind, made) => {
  const models = [{ name: 'qwen2.5vl:7b', digest: 'abc' }];
  const site = await openSite({ env: env(kind), hosts: [{ slots: 2, latencyMs: 300, models, version: '0.33.7' }] });
  const job = site.enqueue({ images: 4, analyses: 5 });
  await expectUnharmed(site, job);
  // a query of a busy machine may time out
  const { media } = await until('the results', () => collectResults(site.client, job.project.id), {
    timeoutMs: 60_000,
  });
  const answers = media.flatMap(({ combinations }) => combinations.map(({ answer }) => answer));
  expect(answers).toHaveLength(20);
  for (const answer of answers) expect(answer?.provenance).toMatchObject({ ...made, model: 'qwen2.5vl:7b' });
  const [stats] = site.hosts.map(({ vision }) => vision.stats());
  // 4 + 2 by the lanes' rule; 20 when the bytes, or what stands before them, differ from call to call
  expect(stats?.encodes).toBeLessThanOrEqual(10);
  expect(stats?.loads).toBe(1);
  await site.close();
});

test.each(['ollama', 'openai'])('a full server (%s) costs an analysis none of its attempts', async (kind) => {
  const site = await openSite({ env: env(kind), hosts: [{ slots: 1 }], settings: { vision: { attempts: 2 } } });
  const busy = { kind: 'status', status: 503, headers: { 'retry-after': '0.05' } } as const;
  site.hosts[0]?.vision.script.add({ times: 9, action: busy });
  // between two of them it really fails, once
  site.hosts[0]?.vision.script.add({ action: { kind: 'status', status: 500 } }, { times: 3, action: busy });
  const job = site.enqueue({ images: 1, analyses: 2 });
  expect(await site.finished(job)).toMatchObject({ done: 2, failed: 0 });
  expectCompleted(site, job);
  expect(site.hosts[0]?.vision.stats()).toMatchObject({ refused: 13, answered: 2 });
  await site.close();
});

test('a host without its model says what to do, takes no image, and works as soon as the model is there', async () => {
  const site = await openSite({ hosts: [{ acceptAnyModel: false, models: [{ name: 'another:1b' }] }] });
  expect(site.log()).toContain('ollama pull qwen2.5vl:7b');
  const job = site.enqueue({ images: 1, analyses: 2 });
  await site.untilPhase(job, 'waiting-for-gpu');
  const [host] = site.hosts;
  expect(host?.vision.calls()).toEqual([]);
  await post(`${host?.vision.url ?? ''}/api/pull`, { model: 'qwen2.5vl:7b' });
  await expectUnharmed(site, job);
  await site.close();
});

test('a worker is ready although its vision server is down, and works when it comes up', async () => {
  const site = await openSite({ start: false });
  const [host] = site.hosts;
  await host?.vision.down();
  await site.startRole('all', host);
  expect(site.log()).toContain('the vision server does not answer: no connection: ECONNREFUSED');
  const job = site.enqueue({ images: 1, analyses: 2 });
  await site.untilPhase(job, 'waiting-for-gpu');
  await host?.vision.up();
  await expectUnharmed(site, job);
  await site.close();
});
