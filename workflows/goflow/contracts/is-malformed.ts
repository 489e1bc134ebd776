import type { Job, MalformedJob } from './job.ts';

/** Whether the body was no valid job. Apart from `job.ts`, so that no workflow run evaluates its schemas. */
export const isMalformed = (job: Job | MalformedJob): job is MalformedJob => 'malformed' in job;
