import { activityInfo, CancelledFailure, type ApplicationFailure } from '@temporalio/activity';
import type { Logger } from 'pino';
import { failures, isFailureCode } from '../../workflows/shared/failures.ts';
import type { Redact } from './redact.ts';
import { toFailure } from './to-failure.ts';

/** What every activity needs to fail well. */
export interface ActivityBasics {
  readonly log: Logger;
  readonly redact: Redact;
}

/** Wraps an activity's work: whatever it throws leaves it as a failure of the catalogue, once logged. */
export function asActivity<I, O>({ log, redact }: ActivityBasics, work: (input: I) => Promise<O>) {
  return async (input: I): Promise<O> => {
    try {
      return await work(input);
    } catch (error) {
      if (error instanceof CancelledFailure) throw error;
      const { activityType, activityId, attempt, workflowExecution } = activityInfo();
      const failure = toFailure(error, attempt, redact);
      const where = { activity: activityType, activityId, attempt, workflowId: workflowExecution?.workflowId };
      logFailure(log, failure, { ...where, code: failure.type, ...(failure.type === 'Internal' && { err: error }) });
      throw failure;
    }
  };
}

function logFailure(log: Logger, failure: ApplicationFailure, fields: object): void {
  if (isFailureCode(failure.type) && failures[failure.type].retry === 'idle') log.debug(fields, failure.message);
  else if (failure.type === 'Internal') log.error(fields, failure.message);
  else log.warn(fields, failure.message);
}
