import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ErrorEnvelope as Envelope, envelopeOf } from '../operations/error-envelope.ts';
import { InvalidInputError, OperationError } from '../operations/errors.ts';
import { TemporalUnreachableError } from '../../config/temporal.ts';
import { ApiError, type ApiErrorCode, apiErrors } from './api-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error that it was answered with. */
    refusal?: ApiError;
  }
}

/** Every error of the API. */
export type ErrorEnvelope = Envelope<ApiErrorCode>;

const maxDetailLength = 4_000;

export const apiEnvelopeOf = (code: ApiErrorCode, detail: string, correlationId: string): ErrorEnvelope =>
  envelopeOf(code, detail.slice(0, maxDetailLength), correlationId);

/** The one way in which an error leaves. */
export function answerWith(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  request.refusal = error;
  const envelope = apiEnvelopeOf(error.code, error.message, request.id);
  return (
    reply
      .code(apiErrors[error.code].status)
      .headers(error.headers)
      .type('application/json; charset=utf-8')
      // as a text: the schemas of a route judge only what is well
      .send(JSON.stringify(envelope))
  );
}

export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const ours = toApiError(error);
  const { status } = apiErrors[ours.code];
  if (ours.code === 'InternalError') request.log.error({ err: error }, 'a request failed');
  else if (status >= 500) request.log.warn({ err: error }, 'a request could not be served');
  answerWith(request, reply, ours);
}

export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): void {
  answerWith(request, reply, new ApiError('RouteNotFound'));
}

/** What may be shown of an error. Whatever is not known here is a fault of ours and stays in the log. */
export function toApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return new ApiError('ValidationFailed', faultsOf(error));
  if (error instanceof OperationError) return new ApiError(error.code, detailOf(error));
  if (error instanceof TemporalUnreachableError) return new ApiError(error.code, undefined, { 'retry-after': '5' });
  return ofFastify(error);
}

/** Undefined where it says something about our surroundings, not about the request. */
function detailOf(error: OperationError): string | undefined {
  if (error instanceof InvalidInputError) return error.faults.join('; ');
  return error.code === 'TemporalRefused' || error.code === 'AuditUnavailable' ? undefined : error.message;
}

interface Validated {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
  readonly validationContext?: string | undefined;
}

/** `query.limit: expected number`, one after the other. */
function faultsOf(error: unknown): string {
  const { validation, validationContext = 'request' } = error as Validated;
  const where = { querystring: 'query', params: 'path' }[validationContext] ?? validationContext;
  return validation
    .map(({ instancePath, message = 'is not valid' }) => {
      // "/" alone: the whole of it
      const path = instancePath === '/' ? '' : instancePath.replaceAll('/', '.');
      return `${where}${path}: ${message}`;
    })
    .join('; ');
}

/** What fastify itself says about a bad request may be shown. */
function ofFastify(error: Error): ApiError {
  const { statusCode = 500, code = '' } = error as Partial<FastifyError>;
  if (statusCode < 400 || statusCode >= 500 || !code.startsWith('FST_')) return new ApiError('InternalError');
  if (statusCode === 413) return new ApiError('BodyTooLarge');
  if (statusCode === 415) return new ApiError('UnsupportedMediaType');
  return new ApiError('InvalidRequest', error.message);
}
