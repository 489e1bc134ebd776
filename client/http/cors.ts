import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiSettings } from '../../config/api.ts';
import { correlationHeader } from './correlation.ts';

type CorsSettings = ApiSettings['cors']['production'];

const allowedHeaders = ['Authorization', 'Content-Type', 'If-None-Match', 'Last-Event-ID', correlationHeader];
const exposedHeaders = ['ETag', 'Location', 'Retry-After', 'RateLimit-Remaining', correlationHeader];

/**
 * Lets the pages of the configured origins call the API, and no others. Preflights are answered before a token is
 * asked for: a browser sends none with them.
 *
 * @param settings read at each request, so that a reload changes them
 */
export async function allowOrigins(app: FastifyInstance, settings: () => CorsSettings): Promise<void> {
  await app.register(cors, () => async ({ headers: { origin } }: FastifyRequest) => {
    const { origins, credentials, methods, maxAgeSeconds } = settings();
    const isAllowed = origin !== undefined && origins.includes(origin);
    return {
      origin: isAllowed ? origin : false,
      ...{ credentials, methods, maxAge: maxAgeSeconds, allowedHeaders, exposedHeaders },
      // one without its headers is an ordinary OPTIONS: 405, in our envelope
      strictPreflight: false,
    };
  });
}
