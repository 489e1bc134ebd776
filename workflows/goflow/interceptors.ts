import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';
import { asCorrelationId, correlationIdIn, withCorrelationHeader } from '../shared/correlation.ts';

/**
 * Gives one id to everything that a job leads to: the hand-out that it answers, else what the caller has sent along,
 * else the first run of the workflow. It goes on to children, activities, the next run and every line of the log.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let id: string | undefined;
  return {
    inbound: [
      {
        execute(input, next) {
          id = handOutOf(input.args[0]) ?? correlationIdIn(input.headers) ?? workflowInfo().firstExecutionRunId;
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withCorrelationHeader(input, id)),
        startChildWorkflowExecution: (input, next) => next(withCorrelationHeader(input, id)),
        continueAsNew: (input, next) => next(withCorrelationHeader(input, id)),
        getLogAttributes: (input, next) => next({ ...input, ...(id !== undefined && { correlationId: id }) }),
      },
    ],
  };
};

const handOutOf = (input: unknown): string | undefined =>
  typeof input === 'object' && input !== null && 'acquisitionId' in input
    ? asCorrelationId(input.acquisitionId)
    : undefined;
