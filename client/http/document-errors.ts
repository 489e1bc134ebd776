import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import { type ApiErrorCode, apiErrors } from './api-errors.ts';
import { envelopeSchema } from './schemas/common.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What this route can answer beyond what every route of its kind can. */
    errors?: readonly ApiErrorCode[];
  }
}

/** Writes into each route's schema which errors it can answer, by status. */
export function documentErrors(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide || route.url === '*' || route.config?.saysMethods) return;
    route.schema = { ...route.schema, response: { ...(route.schema?.response as object), ...responsesOf(route) } };
  });
}

function responsesOf(route: RouteOptions): Record<string, object> {
  const codes = [...new Set(codesOf(route))];
  const statuses = [...new Set(codes.map((code) => apiErrors[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => apiErrors[code].status === status);
      const description = ofStatus.map((code) => `${code}: ${apiErrors[code].hint}`).join(' ');
      return [String(status), { description, content: { 'application/json': { schema: envelopeSchema(ofStatus) } } }];
    }),
  );
}

function codesOf({ config, schema, method }: RouteOptions): ApiErrorCode[] {
  const codes: ApiErrorCode[] = ['InvalidRequest', 'HeadersTooLarge', 'InternalError', ...(config?.errors ?? [])];
  if (config?.access?.role !== 'open')
    codes.push('AuthenticationRequired', 'InvalidToken', 'RoleMissing', 'RateLimited', 'AuthenticationNotConfigured');
  if (config?.access?.role !== 'open') codes.push('KeysUnavailable');
  if (config?.access?.action) codes.push('AuditUnavailable');
  if (schema?.params || schema?.querystring || schema?.body) codes.push('ValidationFailed');
  if (method === 'POST') codes.push('BodyTooLarge', 'UnsupportedMediaType');
  return codes;
}

/** Said before a route is known, so no route can document them. */
const beforeRoutes = ['RouteNotFound', 'MethodNotAllowed'] as const satisfies readonly ApiErrorCode[];

/** For the components of the OpenAPI document. */
export const responsesBeforeRoutes = () =>
  Object.fromEntries(
    beforeRoutes.map((code) => {
      const { status, hint } = apiErrors[code];
      const { $schema: _, ...schema } = z.toJSONSchema(envelopeSchema([code]));
      // an OpenAPI 3.1 schema is a JSON Schema; the types of the generator know 3.0
      const content = { 'application/json': { schema: schema as { readonly type: 'object' } } };
      return [code, { description: `${status}: ${hint}`, content }];
    }),
  );
