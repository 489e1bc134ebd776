import pLimit from 'p-limit';
import type { Word } from '../../workflows/goflow/contracts/messages.ts';
import type { Temporal } from './ask-temporal.ts';
import { describeProject, type ProjectRow } from './describe-project.ts';
import { NotFoundError, RefusedError, UnansweredError } from './errors.ts';
import { listProjects } from './list-projects.ts';
import { type ProjectFilter, stillFits } from './project-filter.ts';

/** Which projects something is done to. */
export interface Selection {
  readonly filter: ProjectFilter;
  /** Nothing is done: each project tells what would happen. */
  readonly dryRun: boolean;
  /** More projects than this are refused as a whole. */
  readonly maxProjects: number;
  /** Each project has its turn inside of it, so that each leaves a record of its own. */
  readonly perform?: <T>(projectId: string, work: () => Promise<T>) => Promise<T>;
}

/** What can be done to many. */
export type BulkVerb = Word | 'rerun';

export interface BulkReply {
  readonly word: BulkVerb;
  readonly dryRun: boolean;
  readonly projects: readonly BulkRow[];
}

export interface BulkRow {
  readonly projectId: string;
  readonly summary: string | undefined;
  readonly phase: string | undefined;
  readonly outcome: 'would' | 'done' | 'refused' | 'unanswered';
  /** What happened or would happen, or why not. */
  readonly message: string;
}

export type BulkAnswer = Pick<BulkRow, 'outcome' | 'message'>;

/** Each has to be answered by an orchestrator. */
const inParallel = 4;

/** Nothing, or what is wrong with a selection: `open: false` and no phase at all leave everything in. */
export function faultsOfSelection({ open, phases = [], ...rest }: ProjectFilter): string[] {
  if (open === true || phases.length > 0 || Object.values(rest).some((value) => value !== undefined)) return [];
  return ['filter: must name at least one condition: a word to everything is seldom meant'];
}

/**
 * Has all projects that fit answered, a few at a time, each as it stands when it has its turn. One that refuses stops no other.
 *
 * @throws {RefusedError} more projects than may be meant at once
 */
export async function answerOfEach(
  temporal: Temporal,
  { filter, maxProjects }: Selection,
  answer: (row: ProjectRow) => Promise<BulkAnswer>,
): Promise<BulkRow[]> {
  const rows = await listProjects(temporal, { ...filter, limit: maxProjects + 1 });
  if (rows.length > maxProjects)
    throw new RefusedError(
      `more than ${maxProjects} projects fit`,
      'Narrow the selection, by time (--since, --until) or by client (--client).',
    );
  const answers = await pLimit(inParallel).map(rows, async ({ workflowId }): Promise<BulkRow | undefined> => {
    const row = await lookAt(temporal, workflowId);
    if (!row || !stillFits(filter, row)) return undefined;
    const { projectId, summary, phase } = row;
    return { projectId, summary, phase, ...(await answer(row)) };
  });
  return answers.filter((row) => row !== undefined);
}

/** Undefined: Temporal has forgotten it since it was listed. */
async function lookAt(temporal: Temporal, id: string): Promise<ProjectRow | undefined> {
  try {
    return await describeProject(temporal, id);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** What a project has answered, where a refusal is an answer like any other. */
export async function answerOf(outcome: 'would' | 'done', work: () => Promise<string>): Promise<BulkAnswer> {
  try {
    return { outcome, message: await work() };
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotFoundError)
      return { outcome: 'refused', message: error.message };
    if (error instanceof UnansweredError) return { outcome: 'unanswered', message: error.message };
    throw error;
  }
}

/** Without an audit. */
export const unrecorded: NonNullable<Selection['perform']> = (_, work) => work();
