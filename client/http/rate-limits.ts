import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiSettings } from '../../config/api.ts';
import { ApiError } from './api-errors.ts';
import type { RateKind } from './auth/access.ts';

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

/**
 * Bounds how often one caller may ask, per kind of endpoint, and how often an address may come without a good token.
 * To be registered before the token is read; `limitCallers` after it.
 *
 * @param settings read at each request, so that a reload changes them
 */
export async function prepareLimits(app: FastifyInstance, settings: () => ApiSettings) {
  await app.register(rateLimit, { global: false });
  const limiter = (max: () => number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: () => settings().rateLimits.windowSeconds * 1_000, keyGenerator });
  const ofCaller = (request: FastifyRequest) => request.caller?.subject ?? request.ip;
  const refusals = limiter(
    () => settings().rateLimits.refusals,
    ({ ip }) => ip,
  );
  const kinds: Record<RateKind, Limiter> = {
    processing: limiter(() => settings().rateLimits.processing, ofCaller),
    reports: limiter(() => settings().rateLimits.reports, ofCaller),
  };
  return {
    /** @throws {ApiError} RateLimited */
    async limitCaller(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const rate = rateOf(request);
      if (rate === 'unlimited' || request.is404) return;
      await judge(kinds[rate], request, reply);
    },
    /** @throws {ApiError} RateLimited, instead of one more refusal */
    countRefusal: (request: FastifyRequest, reply: FastifyReply) => judge(refusals, request, reply),
  };
}

function rateOf({ query, routeOptions }: FastifyRequest): RateKind | 'unlimited' {
  const rate = routeOptions.config.access?.rate ?? 'unlimited';
  // a project with its combinations is read from as many histories as its report
  const isDetailed = (query as { readonly combinations?: unknown }).combinations !== undefined;
  return isDetailed && rate !== 'unlimited' ? 'reports' : rate;
}

async function judge(limiter: Limiter, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const judgement = await limiter(request);
  if (judgement.isAllowed) return;
  const { max, remaining, ttlInSeconds, isExceeded } = judgement;
  void reply.headers({
    'ratelimit-limit': max,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': ttlInSeconds,
  });
  if (isExceeded)
    throw new ApiError('RateLimited', `Not more than ${max} in this time: wait ${ttlInSeconds} s.`, {
      'retry-after': String(Math.max(ttlInSeconds, 1)),
    });
}
