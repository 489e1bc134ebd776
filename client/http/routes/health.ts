import { z } from 'zod';
import type { Health } from '../health/health.ts';
import { healthSchema } from '../schemas/site.ts';
import type { ZodApp } from '../zod-app.ts';

/** Probes come every few seconds: only what is wrong is worth a line. */
export const quiet = { logLevel: 'warn' } as const;

const tags = ['health'];

/** `/health` with every component, `/health/live` (this process), `/health/ready` (may be given requests). */
export const healthRoutes = (look: () => Promise<Health>) => async (app: ZodApp) => {
  app.get(
    '/health',
    {
      ...quiet,
      schema: {
        ...{ tags, operationId: 'health', summary: 'Every component: healthy and degraded are 200, unhealthy is 503' },
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_, reply) => {
      const health = await look();
      return reply.code(health.status === 'unhealthy' ? 503 : 200).send(health);
    },
  );
  app.get(
    '/health/live',
    {
      ...quiet,
      schema: {
        ...{ tags, operationId: 'healthLive', summary: 'This process runs' },
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/health/ready',
    {
      ...quiet,
      schema: {
        ...{ tags, operationId: 'healthReady', summary: 'Requests can be served: Temporal answers' },
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_, reply) => {
      const health = await look();
      return reply.code(health.status === 'unhealthy' ? 503 : 200).send(health);
    },
  );
};
