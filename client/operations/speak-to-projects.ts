import pLimit from 'p-limit';
import { type Word, wordSchemas, wouldQuery } from '../../workflows/goflow/contracts/messages.ts';
import { grpcCodes, grpcErrorOf, inOurWords, type Temporal } from './ask-temporal.ts';
import { isOpen, type ProjectRow } from './describe-project.ts';
import { InvalidInputError, NotFoundError, RefusedError, UnansweredError } from './errors.ts';
import { listProjects } from './list-projects.ts';
import type { ProjectFilter } from './project-filter.ts';
import { type Reply, speakToProject } from './speak-to-project.ts';

export interface BulkSpeech {
  readonly word: Word;
  readonly input: unknown;
  readonly filter: ProjectFilter;
  /** Nothing is said: each project is asked what it would answer. */
  readonly dryRun: boolean;
  /** More projects than this are refused as a whole. */
  readonly maxProjects: number;
  /** Each project is spoken to inside of it, so that each leaves a record of its own. */
  readonly perform?: (projectId: string, say: () => Promise<Reply>) => Promise<Reply>;
}

export interface BulkReply {
  readonly word: Word;
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

/** Each is a query or an update, which an orchestrator answers. */
const inParallel = 4;
const answerWithinMs = 10_000;

/**
 * Says one word to every project that fits, or asks what each would answer. One that refuses stops no other.
 *
 * @throws {InvalidInputError} the word cannot be said like this, or the filter means everything
 * @throws {RefusedError} more projects than may be meant at once
 */
export async function speakToProjects(temporal: Temporal, speech: BulkSpeech): Promise<BulkReply> {
  const { word, filter, dryRun, maxProjects } = speech;
  checkSpeech(speech);
  const rows = await listProjects(temporal, { ...filter, limit: maxProjects + 1 });
  if (rows.length > maxProjects)
    throw new RefusedError(
      `more than ${maxProjects} projects fit`,
      'Narrow the selection, by time (--since, --until) or by client (--client).',
    );
  const limit = pLimit(inParallel);
  const projects = rows.map((row) =>
    limit(async (): Promise<BulkRow> => {
      const { projectId, summary, phase } = row;
      const answer = dryRun ? await foresee(temporal, row, speech) : await speak(temporal, row, speech);
      return { projectId, summary, phase, ...answer };
    }),
  );
  return { word, dryRun, projects: await Promise.all(projects) };
}

type Answer = Pick<BulkRow, 'outcome' | 'message'>;

function checkSpeech({ word, input, filter }: BulkSpeech): void {
  const parsed = wordSchemas[word].safeParse(input);
  const issues = parsed.success ? [] : parsed.error.issues;
  const faults = issues.map(({ path, message }) => ['input', ...path].map(String).join('.') + `: ${message}`);
  if (!isCondition(filter))
    faults.push('filter: must name at least one condition: a word to everything is seldom meant');
  if (faults.length > 0)
    throw new InvalidInputError(`${word} cannot be said like this`, faults, `See: gf25 projects ${word} --help`);
}

/** `open: false` and no phase at all leave everything in. */
const isCondition = ({ open, phases = [], ...rest }: ProjectFilter) =>
  open === true || phases.length > 0 || Object.values(rest).some((value) => value !== undefined);

async function foresee(temporal: Temporal, row: ProjectRow, { word, input }: BulkSpeech): Promise<Answer> {
  if (!isOpen(row)) return { outcome: 'refused', message: `project ${row.projectId} is over (${row.status})` };
  const { client } = temporal;
  const handle = client.workflow.getHandle(row.workflowId, row.runId);
  try {
    const ask = () => handle.query(wouldQuery, word, input);
    const { legal, message } = await client.withDeadline(Date.now() + answerWithinMs, ask);
    return { outcome: legal ? 'would' : 'refused', message };
  } catch (error) {
    const code = grpcErrorOf(error)?.code;
    if (code === grpcCodes.DEADLINE_EXCEEDED || code === grpcCodes.CANCELLED || code === grpcCodes.FAILED_PRECONDITION)
      return { outcome: 'unanswered', message: 'no orchestrator answers for this project' };
    throw inOurWords(error, temporal);
  }
}

const unrecorded: NonNullable<BulkSpeech['perform']> = (_, say) => say();

async function speak(temporal: Temporal, row: ProjectRow, speech: BulkSpeech): Promise<Answer> {
  const { word, input, perform = unrecorded } = speech;
  try {
    const { message } = await perform(row.projectId, () =>
      speakToProject(temporal, { id: row.workflowId, word, input }),
    );
    return { outcome: 'done', message };
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotFoundError)
      return { outcome: 'refused', message: error.message };
    if (error instanceof UnansweredError) return { outcome: 'unanswered', message: error.message };
    throw error;
  }
}
