import { expect, test } from 'vitest';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import { sleep, until } from '../support/wait.ts';
import type { Job } from '../stand-ins/goflow/job.ts';

/** Small enough that eight images take several runs. */
const early = { project: { mediaInFlight: 2, continueAsNewAfterEvents: 80 } };

async function statusesOfRuns({ client }: Site, job: Job): Promise<string[]> {
  const statuses: string[] = [];
  for await (const { status } of client.workflow.list({ query: `WorkflowId = 'project-${job.project.id}'` }))
    statuses.push(status.name);
  return statuses;
}

test('a project that continues as new in mid-flow, while signals arrive, loses and repeats nothing', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 100 }], settings: early });
  const job = site.enqueue({ images: 8, analyses: 4 });
  const refused = { mediaId: job.media[0]?.id ?? '', analysisId: job.analyses[0]?.id ?? '' };
  // one that is not accepted as long as the signals come: an `accept` must not meet a project that holds
  const stuck = { mediaId: job.media[7]?.id ?? '', analysisId: job.analyses[3]?.id ?? '' };
  site.goflow.faults.add({ endpoint: 'E3', match: refused, action: { kind: 'answer', status: 404 } });
  site.goflow.faults.add({ endpoint: 'E3', match: stuck, share: 1, action: { kind: 'answer', status: 503 } });
  await site.untilPhase(job, 'processing');
  const project = site.project(job);
  await until(
    'all but the stuck one have ended',
    async () => {
      // wrong ones, ones that pause for a moment, and ones that are not legal now
      await project.signal('retry', { nonsense: true });
      await project.signal('pause', {});
      await project.signal('resume', {});
      await project.signal('accept', { reason: 'not now' });
      const { done, failed } = (await site.progress(job)).totals;
      return done === 30 && failed === 1;
    },
    { timeoutMs: 90_000, everyMs: 150 },
  );
  site.goflow.faults.clear();
  const held = await site.untilPhase(job, 'holding', 90_000);
  expect(held.totals).toMatchObject({ combinations: 32, done: 31, failed: 1 });
  expect(held.failures).toMatchObject([{ ...refused, code: 'GoFlowNotFound' }]);
  await project.executeUpdate('retry', { args: [refused] });
  expect(await site.finished(job)).toMatchObject({ done: 32, failed: 0 });
  expectCompleted(site, job);
  expect(site.hosts[0]?.vision.calls()).toHaveLength(32);
  const statuses = await statusesOfRuns(site, job);
  expect(statuses.filter((status) => status === 'CONTINUED_AS_NEW').length).toBeGreaterThanOrEqual(2);
  expect(statuses.filter((status) => status === 'COMPLETED')).toHaveLength(1);
  await site.close();
}, 180_000);

test('a pause outlives continue-as-new, and so does what an operator sees', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 100 }], settings: early });
  const job = site.enqueue({ images: 6, analyses: 4 });
  await site.goflow.waitFor((goflow) => (goflow.project(job.project.id)?.accepted ?? 0) >= 8, { timeoutMs: 60_000 });
  await site.project(job).executeUpdate('pause', { args: [{}] });
  await sleep(2_000);
  const accepted = site.goflow.project(job.project.id)?.accepted ?? 0;
  expect(accepted).toBeLessThan(24);
  const paused = await until('what was accepted is shown', async () => {
    const progress = await site.progress(job);
    return progress.totals.done === accepted ? progress : undefined;
  });
  expect(paused.phase).toBe('paused');
  const { typedSearchAttributes } = await site.project(job).describe();
  expect(typedSearchAttributes.get(searchAttributes.projectId)).toBe(job.project.id);
  expect(typedSearchAttributes.get(searchAttributes.phase)).toBe('paused');
  await site.project(job).executeUpdate('resume', { args: [{}] });
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
}, 120_000);
