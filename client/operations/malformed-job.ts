import { isMalformed } from '../../workflows/goflow/contracts/is-malformed.ts';
import type { Temporal } from './ask-temporal.ts';
import type { ListedProject } from './listed-project.ts';
import { readInput } from './read-input.ts';

/** A job can have hundreds of faults: the first ones say enough in a list. */
const maxNamed = 3;

/** The phase of a run that failed before it had one, and why; nothing when its job could be read. */
export async function readMalformedJob(
  temporal: Temporal,
  run: ListedProject,
): Promise<{ readonly phase?: 'failed'; readonly reason?: string }> {
  // what was never begun has set no search attribute
  if (run.phase !== undefined || run.status !== 'FAILED') return {};
  const { job } = await readInput(temporal, run);
  if (!isMalformed(job)) return {};
  const more = job.faults.length > maxNamed ? [`and ${job.faults.length - maxNamed} more`] : [];
  return { phase: 'failed', reason: `MalformedJob: ${[...job.faults.slice(0, maxNamed), ...more].join('; ')}` };
}
