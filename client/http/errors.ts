import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Every error of the API. */
export interface ErrorEnvelope {
  readonly detail: string;
  readonly error_code: ApiErrorCode;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly correlation_id: string;
}

export type ApiErrorCode = 'AuthenticationNotConfigured' | 'InvalidRequest' | 'RouteNotFound' | 'InternalError';

export function answerWith(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  error_code: ApiErrorCode,
  detail: string,
): FastifyReply {
  const envelope = { detail, error_code, timestamp: new Date().toISOString(), correlation_id: request.id };
  return reply.code(status).send(envelope satisfies ErrorEnvelope);
}

/** What fastify itself says about a bad request may be shown; everything else stays in the log. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 500, code } = error;
  if (statusCode >= 400 && statusCode < 500 && code.startsWith('FST_')) {
    answerWith(request, reply, statusCode, 'InvalidRequest', error.message);
    return;
  }
  request.log.error({ err: error }, 'a request failed');
  answerWith(
    request,
    reply,
    500,
    'InternalError',
    'Something went wrong here; the log has it under the correlation id.',
  );
}

export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): void {
  answerWith(request, reply, 404, 'RouteNotFound', 'There is no such path.');
}
