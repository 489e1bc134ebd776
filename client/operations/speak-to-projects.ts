import { type Word, wordSchemas, wouldQuery } from '../../workflows/goflow/contracts/messages.ts';
import { grpcCodes, grpcErrorOf, inOurWords, type Temporal } from './ask-temporal.ts';
import { isOpen, type ProjectRow } from './describe-project.ts';
import { InvalidInputError } from './errors.ts';
import {
  answerOf,
  answerOfEach,
  type BulkAnswer,
  type BulkReply,
  faultsOfSelection,
  type Selection,
  unrecorded,
} from './selected-projects.ts';
import { speakToProject } from './speak-to-project.ts';

export interface BulkSpeech extends Selection {
  readonly word: Word;
  readonly input: unknown;
}

const answerWithinMs = 10_000;

/**
 * Says one word to every project that fits, or asks what each would answer. One that refuses stops no other.
 *
 * @throws {InvalidInputError} the word cannot be said like this, or the filter means everything
 * @throws {RefusedError} more projects than may be meant at once
 */
export async function speakToProjects(temporal: Temporal, speech: BulkSpeech): Promise<BulkReply> {
  const { word, dryRun } = speech;
  checkSpeech(speech);
  const answer = dryRun ? foresee : speak;
  return { word, dryRun, projects: await answerOfEach(temporal, speech, (row) => answer(temporal, row, speech)) };
}

function checkSpeech({ word, input, filter }: BulkSpeech): void {
  const parsed = wordSchemas[word].safeParse(input);
  const issues = parsed.success ? [] : parsed.error.issues;
  const faults = [
    ...issues.map(({ path, message }) => ['input', ...path].map(String).join('.') + `: ${message}`),
    ...faultsOfSelection(filter),
  ];
  if (faults.length > 0)
    throw new InvalidInputError(`${word} cannot be said like this`, faults, `See: gf25 projects ${word} --help`);
}

async function foresee(temporal: Temporal, row: ProjectRow, { word, input }: BulkSpeech): Promise<BulkAnswer> {
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

const speak = (
  temporal: Temporal,
  { projectId, workflowId: id }: ProjectRow,
  speech: BulkSpeech,
): Promise<BulkAnswer> => {
  const { word, input, perform = unrecorded } = speech;
  const say = () => perform(projectId, () => speakToProject(temporal, { id, word, input }));
  return answerOf('done', async () => (await say()).message);
};
