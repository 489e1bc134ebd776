import { z } from 'zod';
import type { ApiMetrics } from '../metrics.ts';
import type { ZodApp } from '../zod-app.ts';
import { quiet } from './health.ts';

export const metricsRoutes =
  ({ registry }: ApiMetrics) =>
  async (app: ZodApp) => {
    app.get(
      '/metrics',
      {
        ...quiet,
        schema: {
          ...{ tags: ['health'], operationId: 'metrics', summary: 'For Prometheus' },
          response: {
            200: { description: 'Prometheus text format', content: { 'text/plain': { schema: z.string() } } },
          },
        },
      },
      async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
    );
  };
