import type { FastifyInstance } from 'fastify';
import { answerWith } from './errors.ts';

/** Answers everything below a prefix with 503: without authentication the API is closed, never open. */
export async function refuseAll(app: FastifyInstance): Promise<void> {
  // before a body is read
  app.addHook('onRequest', async (request, reply) =>
    answerWith(
      request,
      reply,
      503,
      'AuthenticationNotConfigured',
      'No authentication is configured, so only health and metrics answer: set GF25_JWT_JWKS_URL or GF25_JWT_SECRET.',
    ),
  );
  const never = () => undefined;
  app.all('/', never);
  app.all('/*', never);
}
