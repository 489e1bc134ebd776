import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDevServer } from '../../tools/temporal/dev-server.ts';
import { expectCompleted } from '../support/expectations.ts';
import { scheduledByMedia } from '../support/history.ts';
import { openSite } from '../support/site.ts';
import { sleep, until } from '../support/wait.ts';

test('the one process of a site killed twice and restarted: nothing is lost, nothing reported twice', async () => {
  const site = await openSite({ hosts: [{ slots: 4, latencyMs: 200 }], start: false });
  const [host] = site.hosts;
  let worker = await site.spawnRole('all', host);
  const job = site.enqueue({ images: 8, analyses: 10 });
  for (const results of [10, 40]) {
    await site.goflow.waitFor((goflow) => (goflow.project(job.project.id)?.accepted ?? 0) >= results, {
      timeoutMs: 60_000,
    });
    worker.kill('SIGKILL');
    await worker.ended;
    worker = await site.spawnRole('all', host);
  }
  expect(await site.finished(job)).toMatchObject({ done: 80, failed: 0 });
  expectCompleted(site, job);
  // at most what was in flight at the two kills is analysed again
  expect(host?.vision.stats().answered).toBeLessThanOrEqual(80 + 2 * 4);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  await site.close();
}, 180_000);

test('an io worker killed while GoFlow holds its answers back: each result is accepted once', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 50 }], goflow: { honoursKeys: false }, start: false });
  await site.startRole('orchestrator');
  await site.startRole('gpu', site.hosts[0]);
  let io = await site.spawnRole('io');
  site.goflow.faults.add({ endpoint: 'E3', times: 3, action: { kind: 'hang', phase: 'after-commit' } });
  const job = site.enqueue({ images: 2, analyses: 4 });
  await site.goflow.waitFor((goflow) => (goflow.project(job.project.id)?.accepted ?? 0) >= 3, { timeoutMs: 60_000 });
  io.kill('SIGKILL');
  await io.ended;
  io = await site.spawnRole('io');
  expect(await site.finished(job)).toMatchObject({ done: 8, failed: 0 });
  expectCompleted(site, job);
  await site.close();
}, 180_000);

test('an io worker killed with a job in its hands: the job is not lost', async () => {
  const site = await openSite({ start: false });
  await site.startRole('orchestrator');
  await site.startRole('gpu', site.hosts[0]);
  const job = site.enqueue({ images: 1, analyses: 2 });
  // its answer arrives slowly, so that the kill falls into or just behind the hand-out
  site.goflow.faults.add({ endpoint: 'E1', action: { kind: 'drip', bytesPerSecond: 4_000 } });
  let io = await site.spawnRole('io');
  await until('the job is handed out', () => site.goflow.queued() === 0);
  const journal = join(site.environment().GF25_STATE_DIR ?? '', 'jobs');
  await until('the body is on disk', async () => (await readdir(journal)).some((name) => name.endsWith('.json')), {
    everyMs: 1,
  });
  io.kill('SIGKILL');
  await io.ended;
  io = await site.spawnRole('io');
  expect(await site.finished(job)).toMatchObject({ done: 2 });
  expectCompleted(site, job);
  await site.close();
}, 180_000);

test('the Temporal server gone for 10 s: no image is staged again, nothing is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gf25-temporal-'));
  const dbFile = join(folder, 'temporal.db');
  const first = await startDevServer({ dbFile });
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 500 }], temporalAddress: first.address });
  const job = site.enqueue({ images: 3, analyses: 20 });
  await site.goflow.waitFor((goflow) => (goflow.project(job.project.id)?.accepted ?? 0) >= 4, { timeoutMs: 60_000 });
  await first.kill();
  await sleep(10_000);
  const second = await startDevServer({ dbFile, port: Number(first.address.split(':')[1]) });
  expect(await site.finished(job)).toMatchObject({ done: 60, failed: 0 });
  expectCompleted(site, job);
  const scheduled = await scheduledByMedia(site, job.project.id);
  expect(scheduled.size).toBe(3);
  for (const counts of scheduled.values()) expect(counts.get('stageImage')).toBe(1);
  await site.close();
  await second.stop();
  await rm(folder, { recursive: true, force: true });
}, 180_000);

test('a process that stood still while others took its work over does not send it again', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 50 }], goflow: { honoursKeys: false }, start: false });
  await site.startRole('orchestrator');
  await site.startRole('gpu', site.hosts[0]);
  const stopped = await site.spawnRole('io');
  const job = site.enqueue({ images: 1, analyses: 6 });
  site.goflow.faults.add({ endpoint: 'E3', skip: 1, times: 2, action: { kind: 'hang', phase: 'after-commit' } });
  await site.goflow.waitFor((goflow) => (goflow.project(job.project.id)?.accepted ?? 0) >= 2, { timeoutMs: 60_000 });
  stopped.kill('SIGSTOP');
  await site.startRole('io');
  expect(await site.finished(job)).toMatchObject({ done: 6, failed: 0 });
  stopped.kill('SIGCONT');
  await sleep(3_000);
  expectCompleted(site, job);
  const accepted = site.goflow.calls().filter(({ endpoint, committed }) => endpoint === 'E3' && committed);
  expect(accepted).toHaveLength(6);
  await site.close();
}, 240_000);
