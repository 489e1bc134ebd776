import { Readable } from 'node:stream';
import type { ApiSettings } from '../../../config/api.ts';
import { ApiError } from '../api-errors.ts';
import { apiEnvelopeOf, toApiError } from '../errors.ts';
import { toFrames } from '../event-frames.ts';
import type { Operations } from '../operations.ts';
import { idParams } from '../schemas/common.ts';
import { projectEventSchema } from '../schemas/events.ts';
import { projectViewSchema } from '../schemas/project.ts';
import type { Streams } from '../streams.ts';
import type { ZodApp } from '../zod-app.ts';

export interface EventDeps {
  readonly operations: Pick<Operations, 'watchProject'>;
  readonly streams: Streams;
  readonly settings: () => ApiSettings;
}

/** Timers know no longer times. */
const maxTimerMs = 2 ** 31 - 1;

/** Live progress. Ends with the project, with the caller's connection, with its token, and with this process. */
export const eventRoutes =
  ({ operations, streams, settings }: EventDeps) =>
  async (app: ZodApp) => {
    app.get(
      '/api/v1/projects/:id/events',
      {
        exposeHeadRoute: false,
        config: { errors: ['NotFound', 'TooManyStreams', 'TemporalUnreachable', 'TemporalRefused'] },
        schema: {
          ...{ tags: ['projects'], operationId: 'watchProject' },
          summary: 'Server-sent events: "progress" for each change, as showProject answers it, then "end" or "error"',
          params: idParams,
          response: {
            200: {
              description: 'Events until the project is over',
              content: { 'text/event-stream': { schema: projectEventSchema } },
            },
          },
        },
      },
      async (request, reply) => {
        const { caller, id: correlationId, log, params } = request;
        // cannot be: the route needs a role
        if (!caller) throw new ApiError('AuthenticationRequired');
        const stream = streams.open(caller.subject);
        reply.raw.once('close', stream.close);
        const untilExpiryMs = Math.min(Math.max(caller.expiresAtMs - Date.now(), 0), maxTimerMs);
        const expiry = setTimeout(stream.close, untilExpiryMs);
        stream.signal.addEventListener('abort', () => clearTimeout(expiry), { once: true });
        try {
          const changes = operations.watchProject({ id: params.id, signal: stream.signal });
          // what is wrong from the beginning has a status of its own
          const first = await changes.next();
          const frames = toFrames(from(first, changes), {
            signal: stream.signal,
            heartbeatMs: settings().limits.streamHeartbeatSeconds * 1_000,
            write: (view) => JSON.stringify(projectViewSchema.parse(view)),
            writeError: (error) => {
              log.warn({ err: error }, 'a stream broke off');
              const { code, message } = toApiError(error instanceof Error ? error : new Error(String(error)));
              return JSON.stringify(apiEnvelopeOf(code, message, correlationId));
            },
          });
          const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
          // the schema is that of one event, and they come one after the other
          const body = Readable.from(frames, { objectMode: false }) as never;
          return await reply.headers(headers).send(body);
        } catch (error) {
          stream.close();
          throw error;
        }
      },
    );
  };

async function* from<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
