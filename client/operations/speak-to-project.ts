import { WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { type Word, type WordAnswer, wordSchemas, wordUpdates } from '../../workflows/goflow/contracts/messages.ts';
import { inOurWords, type Temporal } from './ask-temporal.ts';
import { describeProject, isOpen, type ProjectRow } from './describe-project.ts';
import { InvalidInputError, RefusedError, UnansweredError } from './errors.ts';

export interface Speech {
  readonly id: string;
  readonly word: Word;
  /** Checked here with the schema of the word, and by the project again. */
  readonly input: unknown;
}

export interface Reply extends WordAnswer {
  readonly projectId: string;
  readonly word: Word;
}

/** A word is a matter of milliseconds; a replay of a long history takes a few seconds. */
const answerWithinMs = 10_000;

/**
 * Says retry, accept, pause, resume or cancel to a project, as an update: it answers.
 *
 * @throws {InvalidInputError} {NotFoundError} {RefusedError} {UnansweredError}
 */
export async function speakToProject(temporal: Temporal, { id, word, input }: Speech): Promise<Reply> {
  checkInput(word, input);
  const project = await describeProject(temporal, id);
  if (!isOpen(project)) throw isOver(project);
  const { workflowId, projectId } = project;
  const handle = temporal.client.workflow.getHandle(workflowId);
  try {
    const { message } = await temporal.client.withDeadline(Date.now() + answerWithinMs, () =>
      handle.executeUpdate(wordUpdates[word], { args: [input] }),
    );
    return { projectId, word, message };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError)
      throw new RefusedError(
        error.cause?.message ?? error.message,
        `See what it waits for, and what it would obey: gf25 projects diagnose ${id}`,
      );
    if (error instanceof WorkflowNotFoundError) throw isOver(project);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw unanswered(project, word);
    throw inOurWords(error, temporal);
  }
}

function checkInput(word: Word, input: unknown): void {
  const parsed = wordSchemas[word].safeParse(input);
  if (parsed.success) return;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new InvalidInputError(`${word} cannot be said like this`, faults, `See: gf25 projects ${word} --help`);
}

const isOver = ({ projectId, status }: ProjectRow) =>
  new RefusedError(
    `project ${projectId} is over (${status})`,
    `See how it ended: gf25 projects show ${projectId}. To run it again: gf25 projects rerun ${projectId}`,
  );

const unanswered = ({ projectId, workflowId }: ProjectRow, word: Word) =>
  new UnansweredError(
    `project ${projectId} has not answered; the word may still reach it`,
    `Start an orchestrator (npm run worker -- orchestrator), or leave it a message that waits: temporal workflow signal -w ${workflowId} --name ${word} --input '{...}'`,
  );
