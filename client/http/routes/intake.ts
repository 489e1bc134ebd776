import type { ApiErrorCode } from '../api-errors.ts';
import { noBodyIsEmpty } from '../optional-body.ts';
import type { Operations } from '../operations.ts';
import { messageSchema } from '../schemas/common.ts';
import { intakeSchema, noteBodySchema } from '../schemas/site.ts';
import type { ZodApp } from '../zod-app.ts';
import { z } from 'zod';

export type IntakeOperations = Pick<Operations, 'showIntake' | 'pauseIntake' | 'resumeIntake' | 'pollIntake'>;

const tags = ['intake'];
const errors: readonly ApiErrorCode[] = ['NotFound', 'TemporalUnreachable', 'TemporalRefused'];
const refusable = [...errors, 'Refused'] as const;

/** How jobs are taken from GoFlow. */
export const intakeRoutes = (operations: IntakeOperations) => async (app: ZodApp) => {
  app.get(
    '/api/v1/intake',
    {
      config: { errors },
      schema: {
        ...{ tags, operationId: 'showIntake', summary: 'Whether jobs are taken, and how the last poll went' },
        response: { 200: intakeSchema },
      },
    },
    async () => operations.showIntake(),
  );
  const switches = [
    ['pause', operations.pauseIntake, 'Takes no more jobs; running projects go on'],
    ['resume', operations.resumeIntake, 'Takes jobs again, at once'],
  ] as const;
  for (const [verb, operation, summary] of switches) {
    app.post(
      `/api/v1/intake/${verb}`,
      {
        ...noBodyIsEmpty,
        config: { errors: refusable },
        schema: {
          ...{ tags, operationId: `${verb}Intake`, summary, 'x-optional-body': true },
          body: noteBodySchema,
          response: { 200: messageSchema },
        },
      },
      async ({ body: { note }, caller }) =>
        operation({ note: note ?? `${verb}d through the API by ${caller?.subject ?? ''}` }),
    );
  }
  app.post(
    '/api/v1/intake/poll',
    {
      ...noBodyIsEmpty,
      config: { errors: refusable },
      schema: {
        ...{ tags, operationId: 'pollIntake', 'x-optional-body': true },
        summary: 'Asks GoFlow for a job now, unless a run is asking already',
        body: z.strictObject({}),
        response: { 200: messageSchema },
      },
    },
    async () => operations.pollIntake(),
  );
};
