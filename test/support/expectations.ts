import { expect } from 'vitest';
import type { Job } from '../stand-ins/goflow/job.ts';
import type { Site } from './site.ts';

/** What GoFlow must have seen of a project that completed: everything once, in order, and nothing else. */
export function expectCompleted({ goflow }: Site, job: Job, { failed = 0 } = {}): void {
  const combinations = job.media.length * job.analyses.length;
  expect(goflow.violations()).toEqual([]);
  expect(goflow.project(job.project.id)).toMatchObject({
    processing: true,
    accepted: combinations - failed,
    completed: true,
    reported: true,
  });
  const accepted = goflow
    .calls()
    .filter(({ projectId, committed, replayed }) => projectId === job.project.id && committed && !replayed)
    .flatMap(({ endpoint }) => (endpoint === 'E1' ? [] : [endpoint]));
  const results = Array.from({ length: combinations - failed }, () => 'E3');
  expect(accepted).toEqual(['E2', ...results, 'E2', 'E4']);
}

/** No combination failed, nothing was analysed twice, and GoFlow has everything once. */
export async function expectUnharmed(site: Site, job: Job): Promise<void> {
  const combinations = job.media.length * job.analyses.length;
  expect(await site.finished(job)).toMatchObject({ done: combinations, failed: 0 });
  expectCompleted(site, job);
  const calls = site.hosts.flatMap(({ vision }) => vision.calls());
  expect(calls).toHaveLength(combinations);
}
