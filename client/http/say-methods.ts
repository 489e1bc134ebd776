import type { FastifyInstance, HTTPMethods } from 'fastify';
import { ApiError } from './api-errors.ts';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/** Remembers what is registered from here on; the answer completes each path with a 405 for all other methods. */
export function collectMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.saysMethods || url === '*') return;
    const ofPath = known.get(url) ?? new Set();
    for (const one of [method].flat()) ofPath.add(one.toUpperCase());
    known.set(url, ofPath);
  });
  return () => {
    for (const [url, ofPath] of known) {
      const allow = [...ofPath].sort().join(', ');
      app.route({
        method: methods.filter((method) => !ofPath.has(method)),
        url,
        schema: { hide: true },
        config: { saysMethods: true },
        // before a body is read
        onRequest: async () => {
          throw new ApiError('MethodNotAllowed', `This path knows ${allow}.`, { allow });
        },
        handler: () => undefined,
      });
    }
  };
}
