import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Caches may keep it, but ask each time. */
const askEachTime = 'private, no-cache';

/** Whether the caller has this version already; says which one it is either way. */
export function hasVersion(request: FastifyRequest, reply: FastifyReply, version: string): boolean {
  const tag = `W/"${createHash('sha256').update(version).digest('base64url').slice(0, 27)}"`;
  void reply.headers({ etag: tag, 'cache-control': askEachTime });
  const given = request.headers['if-none-match'];
  return given !== undefined && given.split(',').some((one) => one.trim() === tag || one.trim() === '*');
}

/** For what has no version of its own: its text is. To be used as `onSend`. */
export async function tagBody(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<unknown> {
  if (reply.statusCode === 304) return '';
  if (typeof body !== 'string' || reply.statusCode !== 200 || reply.hasHeader('etag')) return body;
  if (!hasVersion(request, reply, body)) return body;
  void reply.code(304);
  return '';
}
