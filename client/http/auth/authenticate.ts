import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-errors.ts';
import { type Access, accessOf, mayDo } from './access.ts';
import type { Caller } from './caller.ts';
import type { VerifyToken } from './verify-token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** From the table in `access.ts`. */
    access?: Access;
    /** A route that only says which methods a path has: it does nothing. */
    saysMethods?: true;
  }
  interface FastifyRequest {
    /** Null where a route is open, and before the token was read. */
    caller: Caller | null;
  }
}

/** RFC 6750, 2.1. Tokens in addresses end up in logs, so they are not read. */
const bearer = /^Bearer +([\w~+/.-]+=*)$/i;

type Judge = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Gives every route the role that it needs, and lets nobody through without it, or too often.
 *
 * @param limits `countRefusal` is asked instead of one more 401, `limitCaller` before anything else is done
 */
export function protectRoutes(
  app: FastifyInstance,
  verify: VerifyToken,
  limits: { readonly countRefusal: Judge; readonly limitCaller: Judge },
): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.saysMethods) return;
    // the route of preflights, which @fastify/cors has answered before: what is left of them is not found
    if (route.url === '*' && route.method === 'OPTIONS') route.config = { ...route.config, saysMethods: true };
    else
      for (const method of [route.method].flat())
        route.config = { ...route.config, access: accessOf(method, route.url) };
  });
  app.addHook('onRequest', async (request, reply) => {
    const { access, saysMethods } = request.routeOptions.config;
    if (request.is404 || saysMethods || access?.role === 'open') return;
    // cannot be: the route would have been refused at start
    if (!access) throw new Error(`the route ${request.routeOptions.url ?? ''} has no role`);
    const caller = await read(request, reply);
    request.caller = caller;
    await limits.limitCaller(request, reply);
    if (!mayDo(caller.role, access.role)) throw forbidden(access.role);
  });
  const read = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      return await verify(tokenOf(request));
    } catch (error) {
      // a key server that is down is not the caller's fault
      if (error instanceof ApiError && error.code !== 'KeysUnavailable') await limits.countRefusal(request, reply);
      throw error;
    }
  };
}

function tokenOf({ headers: { authorization } }: FastifyRequest): string {
  const token = bearer.exec(authorization ?? '')?.[1];
  if (token === undefined)
    throw new ApiError('AuthenticationRequired', undefined, { 'www-authenticate': 'Bearer realm="gf25"' });
  return token;
}

const forbidden = (role: string) =>
  new ApiError('RoleMissing', `This needs the role "${role}".`, {
    'www-authenticate': `Bearer realm="gf25", error="insufficient_scope", scope="${role}"`,
  });
