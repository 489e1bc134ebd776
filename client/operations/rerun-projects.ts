import type { Temporal } from './ask-temporal.ts';
import type { ProjectRow } from './describe-project.ts';
import { InvalidInputError } from './errors.ts';
import { planRerun, rerunProject } from './rerun-project.ts';
import {
  answerOf,
  answerOfEach,
  type BulkAnswer,
  type BulkReply,
  faultsOfSelection,
  type Selection,
  unrecorded,
} from './selected-projects.ts';
import { sizeOfJob } from '../../workflows/goflow/contracts/size-of-job.ts';
import type { ProjectStart } from './start-project.ts';

export interface BulkRerun extends Selection {
  /** Also those that have completed. */
  readonly force: boolean;
}

/**
 * Runs every project that fits and is over again, or tells which would.
 *
 * @throws {InvalidInputError} the filter means everything
 * @throws {RefusedError} more projects than may be meant at once
 */
export async function rerunProjects(temporal: Temporal, bulk: BulkRerun): Promise<BulkReply> {
  const { dryRun, filter } = bulk;
  const faults = faultsOfSelection(filter);
  if (faults.length > 0)
    throw new InvalidInputError('projects cannot be run again like this', faults, 'See: gf25 projects rerun --help');
  const answer = dryRun ? foresee : start;
  return { word: 'rerun', dryRun, projects: await answerOfEach(temporal, bulk, (row) => answer(temporal, row, bulk)) };
}

const foresee = (temporal: Temporal, row: ProjectRow, { force }: BulkRerun): Promise<BulkAnswer> =>
  answerOf('would', async () => `would run again: ${sizeOf(await planRerun(temporal, row, force))}`);

const start = (temporal: Temporal, { projectId, workflowId }: ProjectRow, bulk: BulkRerun): Promise<BulkAnswer> => {
  const { force, perform = unrecorded } = bulk;
  return answerOf('done', async () => {
    const started = await perform(projectId, () => rerunProject(temporal, { id: workflowId, force }));
    return `runs again: ${sizeOfJob(started.images, started.analyses)}`;
  });
};

const sizeOf = ({ job: { media, analyses }, rerun }: ProjectStart) =>
  `${sizeOfJob(media.length, analyses.length)}${rerun === 0 ? '' : `, everything is sent again as :rerun-${rerun}`}`;
