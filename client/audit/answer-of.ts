import { InvalidInputError, OperationError } from '../operations/errors.ts';
import type { BulkReply } from '../operations/selected-projects.ts';
import { TemporalUnreachableError } from '../../config/temporal.ts';
import type { ActionAnswer } from './action.ts';

const refusals: readonly string[] = ['NotFound', 'Refused', 'ValidationFailed'];

/** What is recorded of an action that was carried out. */
export const acceptedWith = (result: unknown): ActionAnswer => ({
  answer: 'accepted',
  result: isBulk(result) ? countOutcomes(result) : result,
});

/** What is recorded of an action that threw. */
export function answerOf(error: unknown): ActionAnswer {
  const code =
    error instanceof OperationError || error instanceof TemporalUnreachableError ? error.code : 'InternalError';
  return { answer: refusals.includes(code) ? 'refused' : 'failed', code, message: messageOf(error) };
}

function messageOf(error: unknown): string {
  if (error instanceof InvalidInputError) return error.faults.join('; ');
  return error instanceof Error ? error.message : String(error);
}

const isBulk = (result: unknown): result is BulkReply =>
  typeof result === 'object' && result !== null && 'projects' in result;

/** Their answers stand in records of their own. */
function countOutcomes({ projects }: BulkReply): Record<string, number> {
  const counts: Record<string, number> = { projects: projects.length };
  for (const { outcome } of projects) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
