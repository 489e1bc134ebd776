import type { FastifyInstance } from 'fastify';

/**
 * JSON and nothing else. An empty body is no body, whatever its header says: clients send that with every POST.
 *
 * @param dangerousKeys what becomes of `__proto__` and `constructor.prototype`
 */
export function readJson(app: FastifyInstance, dangerousKeys: 'error' | 'remove'): void {
  const parse = app.getDefaultJsonParser(dangerousKeys, dangerousKeys);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body as string, done);
  });
}
