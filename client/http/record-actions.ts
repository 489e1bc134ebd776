import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Action, ActionAnswer, Actor } from '../audit/action.ts';
import type { ActionLog } from '../audit/action-log.ts';
import { acceptedWith } from '../audit/answer-of.ts';
import { describeJob } from '../audit/describe-job.ts';
import { perform } from '../audit/perform.ts';
import { toProjectId } from '../operations/listed-project.ts';
import type { BulkVerb } from '../operations/selected-projects.ts';
import type { Caller } from './auth/caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What it asks for, once its body was found good. Null: it only previews. */
    action?: Action | null;
    /** What the handler has answered. */
    answered?: unknown;
  }
}

/**
 * Leaves one record for each request to a route that changes something, whatever came of it: also of a caller without
 * the role, of a body that is wrong, of a project that is not there. Without a good token there is nobody to name, and
 * who asks too often has not been heard: neither fills the audit.
 */
export function recordActions(app: FastifyInstance, log: ActionLog): void {
  app.addHook('preHandler', async (request) => {
    request.action = meantBy(request);
    if (request.action) await log.prepare();
  });
  app.addHook('preSerialization', async (request, _, payload) => {
    request.answered = payload;
    return payload;
  });
  // before the caller has its answer
  app.addHook('onSend', async (request, reply, payload) => {
    const { caller } = request;
    const action = request.action === undefined ? attemptedBy(request) : request.action;
    if (!caller || !action || request.refusal?.code === 'RateLimited') return payload;
    const durationMs = Math.round(reply.elapsedTime);
    const record = { ...actorOf(request, caller), ...action, ...answerTo(request, reply), durationMs };
    request.log.info({ action: record }, 'an action of an operator');
    await log.record(record);
    return payload;
  });
}

/** Records what is done to one of many projects. */
export const performOne =
  (request: FastifyRequest, log: ActionLog, verb: BulkVerb, input: unknown) =>
  <T>(projectId: string, work: () => Promise<T>): Promise<T> => {
    const { caller } = request;
    // cannot be: the route needs a role
    if (!caller) throw new Error(`nobody asks for ${verb}`);
    return perform(log, actorOf(request, caller), { verb: `project.${verb}`, projectId, input }, work);
  };

const actorOf = ({ id }: FastifyRequest, { subject, role }: Caller): Actor => ({
  ...{ via: 'api', who: subject, role, correlationId: id },
});

interface Body {
  readonly filter?: Action['filter'];
  readonly input?: unknown;
  readonly dry_run?: boolean;
}

/** To be asked once the body was validated: nothing else of it may be recorded. */
function meantBy(request: FastifyRequest): Action | null {
  const attempted = attemptedBy(request);
  if (attempted?.verb === 'project.submit') return describeJob(request.body);
  const { filter, input, dry_run: isPreview } = (request.body ?? {}) as Body;
  if (!attempted || isPreview) return null;
  return { ...attempted, ...(filter ? { filter, input } : { input: request.body }) };
}

/** What is known of it from its path. */
function attemptedBy({ routeOptions, params }: FastifyRequest): Action | null {
  const verb = routeOptions.config.access?.action;
  const { id } = params as { readonly id?: string };
  if (verb === undefined) return null;
  return id === undefined ? { verb } : { verb, projectId: toProjectId(id) };
}

function answerTo({ refusal, answered }: FastifyRequest, { statusCode }: FastifyReply): ActionAnswer {
  if (!refusal) return acceptedWith(answered);
  const { code, message } = refusal;
  return { answer: statusCode < 500 ? 'refused' : 'failed', code, message };
}
