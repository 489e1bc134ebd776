import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { withCorrelationId } from '../../config/correlation.ts';

export const correlationHeader = 'x-correlation-id';

/** It goes into logs and back to the caller: nothing but a plain id is taken over. */
const acceptable = /^[\w.:-]{1,128}$/;

/** The id that ties together what belongs to one request: the caller's own, or a new one. */
export function correlationId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[correlationHeader];
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID();
}

/** What a handler starts in Temporal goes on under the id of its request. */
export function correlate(app: FastifyInstance): void {
  // not earlier: whoever reads a body comes back in the context of its socket
  app.addHook('preHandler', (request, _, done) => withCorrelationId(request.id, done));
}
