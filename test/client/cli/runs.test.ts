import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StartedProject } from '../../../client/operations/start-project.ts';
import { buildJob, type Job } from '../../stand-ins/goflow/job.ts';
import { expectCompleted } from '../../support/expectations.ts';
import { openSite, type Site } from '../../support/site.ts';
import { until } from '../../support/wait.ts';
import { gf25, gf25Json } from './gf25.ts';

async function writeJob(site: Site, content: unknown): Promise<string> {
  const file = join(site.stateFolder, `${randomUUID()}.json`);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const keysOf = ({ goflow }: Site, job: Job) =>
  goflow
    .calls()
    .filter(({ projectId, committed }) => projectId === job.project.id && committed)
    .flatMap(({ endpoint, idempotencyKey }) => (endpoint === 'E1' ? [] : [idempotencyKey ?? '']));

test('a job from a file runs like one from the queue, once', async () => {
  const site = await openSite();
  const env = site.environment();
  const queued = site.enqueue({ images: 2, analyses: 2 });
  const job = buildJob({ seed: randomUUID(), images: 2, analyses: 2 });
  site.goflow.registerProject(job);
  const file = await writeJob(site, job);
  const started = await gf25Json<StartedProject>(env, 'submit', file);
  expect(started).toMatchObject({ projectId: job.project.id, rerun: 0, images: 2, analyses: 2 });
  expect(await site.finished(job)).toMatchObject({ done: 4, failed: 0 });
  expectCompleted(site, job);

  // in the Web UI nobody can tell which way it came
  await site.finished(queued);
  const [fromFile, fromQueue] = await Promise.all([job, queued].map((each) => site.project(each).describe()));
  const looks = async (run: typeof fromFile) => ({
    summary: await run?.staticSummary(),
    details: (await run?.staticDetails())
      ?.replace(/[\da-f-]{36}\)/, 'ID)')
      .replace(/- (acquisition and )?correlation id: `[\w.:-]{8,}`/, '- IDs'),
    queue: run?.taskQueue,
    attributes: run?.typedSearchAttributes
      .getAll()
      .map(({ key }) => key.name)
      .sort(),
  });
  expect(await looks(fromFile)).toEqual(await looks(fromQueue));
  expect((await looks(fromFile)).details).toContain('\n- IDs\n');

  const again = await gf25(env, 'submit', file);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain(`project ${job.project.id} runs, or has completed`);
  expect(again.stderr).toContain('rerun');
  await site.close();
});

test('a job file that cannot be used is refused before anything starts, with every fault named', async () => {
  const site = await openSite({ start: false });
  const env = site.environment();
  const job = buildJob({ seed: randomUUID(), images: 2, analyses: 1 });
  const broken = { ...job, media: [job.media[0], { ...job.media[1], id: 'x', filename: '' }], analyses: [] };
  const malformed = await gf25(env, 'submit', await writeJob(site, broken));
  expect(malformed).toMatchObject({ code: 2, stdout: '' });
  for (const fault of ['media.1.id: must be a UUID', 'media.1.filename: must not be empty', 'analyses: must hold'])
    expect(malformed.stderr).toContain(fault);

  const noJson = await gf25(env, 'submit', await writeJob(site, '{"client":'));
  expect(noJson).toMatchObject({ code: 2, stdout: '' });
  const noFile = await gf25(env, 'submit', '/no/such/file.json');
  expect(noFile.code).toBe(2);
  expect(noFile.stderr).toContain('/no/such/file.json');
  await expect(site.project(job).describe()).rejects.toThrow();
  await site.close();
});

test('a completed project runs again only by force, and as a new story each time', async () => {
  const site = await openSite();
  const env = site.environment();
  const job = site.enqueue({ images: 2, analyses: 2 });
  await site.finished(job);
  const { length: calls } = site.goflow.calls();

  const refused = await gf25(env, 'projects', 'rerun', job.project.id);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('--force');
  for (const rerun of [1, 2]) {
    const started = await gf25Json<StartedProject>(env, 'projects', 'rerun', job.project.id, '--force');
    expect(started.rerun).toBe(rerun);
    await site.finished(job);
    expect(site.goflow.project(job.project.id)).toMatchObject({ rerun, accepted: 4, completed: true, reported: true });
  }
  const again = site.goflow.calls().slice(calls);
  expect(again.filter(({ endpoint }) => endpoint !== 'E1' && endpoint !== 'media')).toHaveLength(2 * 7);
  const keys = keysOf(site, job);
  expect(keys.filter((key) => key.endsWith(':rerun-1'))).toHaveLength(7);
  expect(keys.filter((key) => key.endsWith(':rerun-2'))).toHaveLength(7);
  expect(site.goflow.violations()).toEqual([]);
  await site.close();
});

test('a cancelled project runs again without force and sends nothing twice; by force it never reuses a number', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 200 }] });
  const env = site.environment();
  const id = (job: Job) => job.project.id;
  const job = site.enqueue({ images: 2, analyses: 4 });
  await site.finished(job);
  const rerun = (...options: string[]) => gf25Json<StartedProject>(env, 'projects', 'rerun', id(job), ...options);

  // the second run stands still in the middle
  site.hosts[0]?.vision.script.add({ skip: 2, action: { kind: 'delay', ms: 20_000 } });
  expect(await rerun('--force')).toMatchObject({ rerun: 1 });
  await until(
    'two results',
    () => site.goflow.project(id(job))?.rerun === 1 && site.goflow.project(id(job))?.accepted === 2,
  );
  const running = await gf25(env, 'projects', 'rerun', id(job), '--force');
  expect(running.code).toBe(1);
  expect(running.stderr).toContain('still runs');
  expect((await gf25(env, 'projects', 'cancel', id(job), '--reason', 'try again')).code).toBe(0);
  await expect(site.finished(job)).rejects.toThrow();

  // goes on with the story of the first forced re-run
  expect(await rerun()).toMatchObject({ rerun: 0 });
  expect(await site.finished(job)).toMatchObject({ done: 8, failed: 0 });
  expect(site.goflow.project(id(job))).toMatchObject({ rerun: 1, accepted: 8, reported: true });

  expect(await rerun('--force')).toMatchObject({ rerun: 2 });
  await site.finished(job);
  expect(site.goflow.project(id(job))).toMatchObject({ rerun: 2, accepted: 8, reported: true });
  const keys = keysOf(site, job);
  expect(new Set(keys).size).toBe(keys.length);
  expect(site.goflow.violations()).toEqual([]);
  await site.close();
});
