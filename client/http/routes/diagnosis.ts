import type { Operations } from '../operations.ts';
import { idParams } from '../schemas/common.ts';
import { diagnosisSchema } from '../schemas/diagnosis.ts';
import type { ZodApp } from '../zod-app.ts';

/** What a project waits for, and the commands that help. */
export const diagnosisRoutes = (operations: Pick<Operations, 'diagnoseProject'>) => async (app: ZodApp) => {
  app.get(
    '/api/v1/projects/:id/diagnosis',
    {
      config: { errors: ['NotFound', 'TemporalUnreachable', 'TemporalRefused'] },
      schema: {
        ...{ tags: ['projects'], operationId: 'diagnoseProject' },
        summary: 'What a project waits for, and the commands that help',
        params: idParams,
        response: { 200: diagnosisSchema },
      },
    },
    async ({ params: { id } }) => operations.diagnoseProject({ id }),
  );
};
