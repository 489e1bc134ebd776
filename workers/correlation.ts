import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { currentCorrelationId, withCorrelationId } from '../config/correlation.ts';
import { correlationIdIn } from '../workflows/shared/correlation.ts';

/** Whatever an activity logs or calls belongs to the id that its workflow has sent along. */
export const correlateActivity: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute(input, next) {
      const id = correlationIdIn(input.headers);
      return id === undefined ? next(input) : withCorrelationId(id, () => next(input));
    },
  },
  outbound: {
    getLogAttributes: (input, next) => next({ ...input, correlationId: currentCorrelationId() }),
  },
});
