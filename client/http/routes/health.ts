import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Rejects while Temporal does not answer. */
export type TemporalCheck = () => Promise<void>;

interface Health {
  readonly status: 'ok' | 'degraded';
  readonly components: readonly { readonly name: string; readonly isHealthy: boolean; readonly detail: string }[];
}

/** Probes come every few seconds: only what is wrong is worth a line. */
export const quiet = { logLevel: 'warn' } as const;

/** `/health` in the shape of the workers', `/health/live` (this process), `/health/ready` (may be given requests). */
export const healthRoutes = (checkTemporal: TemporalCheck) => {
  const look = async ({ log }: FastifyRequest): Promise<Health> => {
    const startedAt = performance.now();
    try {
      await checkTemporal();
      const detail = `answers in ${Math.round(performance.now() - startedAt)} ms`;
      return { status: 'ok', components: [{ name: 'temporal', isHealthy: true, detail }] };
    } catch (error) {
      log.warn({ err: error }, 'Temporal does not answer');
      return { status: 'degraded', components: [{ name: 'temporal', isHealthy: false, detail: 'does not answer' }] };
    }
  };
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/health', quiet, look);
    app.get('/health/live', quiet, async () => ({ status: 'ok' }));
    app.get('/health/ready', quiet, async (request, reply) => {
      const health = await look(request);
      return reply.code(health.status === 'ok' ? 200 : 503).send(health);
    });
  };
};
