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
    .filter(({ projectId, committed, replayed }) => projectId === job.project.id && committed && !replayed);
  const endpoints = accepted.map(({ endpoint }) => endpoint);
  const results = Array.from({ length: combinations - failed }, () => 'E3');
  expect(endpoints).toEqual(['E1', 'E2', ...results, 'E2', 'E4'].slice(endpoints[0] === 'E1' ? 0 : 1));
}
