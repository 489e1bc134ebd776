import { parseJob } from '../../workflows/goflow/contracts/job.ts';
import type { Temporal } from './ask-temporal.ts';
import { InvalidInputError } from './errors.ts';
import { type StartedProject, startProject } from './start-project.ts';

/**
 * Runs a job that does not come from GoFlow's queue.
 *
 * @param job parsed JSON in the shape of E1
 * @throws {InvalidInputError} naming every fault
 * @throws {RefusedError} its project runs or has completed (decision D6)
 */
export async function submitJob(temporal: Temporal, { job }: { readonly job: unknown }): Promise<StartedProject> {
  const parsed = parseJob(job);
  if ('faults' in parsed)
    throw new InvalidInputError(
      'the job is malformed',
      parsed.faults,
      'Mend the fields that are named: a job has the shape of what GoFlow hands out (client, project, media, analyses).',
    );
  return startProject(temporal, { job: parsed.job, rerun: 0, reuse: 'ALLOW_DUPLICATE_FAILED_ONLY' });
}
