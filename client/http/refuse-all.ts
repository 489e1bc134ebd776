import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-errors.ts';
import { answerWith } from './errors.ts';

/** Answers everything below a prefix with 503: without authentication the API is closed, never open. */
export async function refuseAll(app: FastifyInstance): Promise<void> {
  // before a body is read
  app.addHook('onRequest', async (request, reply) =>
    answerWith(request, reply, new ApiError('AuthenticationNotConfigured')),
  );
  const never = () => undefined;
  const closed = { config: { saysMethods: true }, schema: { hide: true } } as const;
  app.all('/', closed, never);
  app.all('/*', closed, never);
}
