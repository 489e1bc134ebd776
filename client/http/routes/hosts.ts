import type { Operations } from '../operations.ts';
import { hostsSchema } from '../schemas/site.ts';
import type { ZodApp } from '../zod-app.ts';

export const hostRoutes = (operations: Pick<Operations, 'listHosts'>) => async (app: ZodApp) => {
  app.get(
    '/api/v1/hosts',
    {
      config: { errors: ['TemporalUnreachable', 'TemporalRefused'] },
      schema: {
        ...{ tags: ['hosts'], operationId: 'listHosts' },
        summary: 'GPU hosts: who is alive, how many images each holds, how many wait for room',
        response: { 200: hostsSchema },
      },
    },
    async () => operations.listHosts(),
  );
};
