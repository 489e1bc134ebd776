import { expect, test } from 'vitest';
import type { HostsView } from '../../../client/operations/list-hosts.ts';
import type { IntakeView } from '../../../client/operations/show-intake.ts';
import { openSite } from '../../support/site.ts';
import { sleep, until } from '../../support/wait.ts';
import { gf25, gf25Json } from './gf25.ts';

test('paused intake leaves jobs in the queue, and takes them once it is resumed', async () => {
  const site = await openSite();
  const env = site.environment();
  const polling = await until('intake polls', async () => {
    const view = await gf25Json<IntakeView>(env, 'intake', 'show');
    return view.runs[0]?.lastFailure ? view : undefined;
  });
  expect(polling).toMatchObject({ paused: false, polling: true });
  expect(polling.runs[0]).toMatchObject({ lastFailure: { code: 'NoJob', message: 'the queue is empty' } });
  expect(polling.runs[0]?.attempt).toBeGreaterThan(1);
  expect((await gf25(env, 'intake', 'poll')).stdout).toContain('is polling already');

  expect((await gf25(env, 'intake', 'pause', '--note', 'GoFlow is being moved')).code).toBe(0);
  await until('intake has noticed', async () => {
    const { runs } = await gf25Json<IntakeView>(env, 'intake', 'show');
    return runs.every(({ lastFailure }) => lastFailure?.code === 'IntakePaused');
  });
  const job = site.enqueue({ images: 1, analyses: 1 });
  await sleep(1_500);
  expect(site.goflow.queued()).toBe(1);
  const paused = await gf25Json<IntakeView>(env, 'intake', 'show');
  expect(paused).toMatchObject({ paused: true, polling: false, note: 'GoFlow is being moved' });
  expect(paused.nextRun).toBeUndefined();
  const poll = await gf25(env, 'intake', 'poll');
  expect(poll.code).toBe(1);
  expect(poll.stderr).toContain('gf25 intake resume');

  expect((await gf25(env, 'intake', 'resume')).code).toBe(0);
  await site.finished(job);
  expect(await gf25Json<IntakeView>(env, 'intake', 'show')).toMatchObject({ paused: false, polling: true });
  await site.close();
});

test('hosts are known by the images that they hold', async () => {
  const site = await openSite({
    hosts: [
      { slots: 1, latencyMs: 1_000 },
      { slots: 1, latencyMs: 1_000 },
    ],
  });
  const job = site.enqueue({ images: 12, analyses: 3 });
  await site.untilPhase(job, 'processing');
  const view = await until('both hosts hold images, and more wait', async () => {
    const seen = await gf25Json<HostsView>(site.environment(), 'hosts');
    const areFull = seen.hosts.length === 2 && seen.hosts.every(({ imagesStaged }) => imagesStaged > 0);
    return areFull && seen.shared.backlog > 0 ? seen : undefined;
  });
  expect(view.hosts.map(({ host }) => host)).toEqual(['host-1', 'host-2']);
  for (const { alive, queue, host } of view.hosts) {
    expect(alive).toBe(true);
    expect(queue).toBe(`goflow-gpu.${host}`);
  }
  await site.finished(job);
  await site.close();
});
