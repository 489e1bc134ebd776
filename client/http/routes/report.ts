import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Prices } from '../../../config/prices.ts';
import { cachedImages } from '../../report/cached-images.ts';
import { toReportDocument } from '../../report/report-document.ts';
import { renderReport } from '../../report/render-report.ts';
import type { ProjectResults } from '../../report/results.ts';
import type { ApiErrorCode } from '../api-errors.ts';
import { hasVersion, tagBody } from '../etag.ts';
import type { Operations } from '../operations.ts';
import { idParams, notModified } from '../schemas/common.ts';
import { reportDocumentSchema } from '../schemas/report.ts';
import { pageHeaders } from '../security-headers.ts';
import type { ZodApp } from '../zod-app.ts';

const tags = ['reports'];
const errors: readonly ApiErrorCode[] = ['NotFound', 'Refused', 'Unanswered', 'TemporalUnreachable', 'TemporalRefused'];

export interface ReportDeps {
  readonly operations: Pick<Operations, 'openReport'>;
  /** Where pictures may lie, if a GPU worker shares it. */
  readonly stateFolder: string;
  readonly prices: () => Prices | undefined;
}

/** Every answer of a project, for programs and for people. */
export const reportRoutes =
  ({ operations, stateFolder, prices }: ReportDeps) =>
  async (app: ZodApp) => {
    /** Undefined: the caller has it already, and a project that is over is not read again. */
    const read = async (
      id: string,
      request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<ProjectResults | undefined> => {
      const source = await operations.openReport({ id });
      const version = source.version && `${request.routeOptions.url ?? ''} ${source.version}`;
      return version !== undefined && hasVersion(request, reply, version) ? undefined : source.read();
    };

    app.get(
      '/api/v1/projects/:id/report',
      {
        exposeHeadRoute: false,
        onSend: tagBody,
        config: { errors },
        schema: {
          ...{ tags, operationId: 'report', summary: 'Every answer so far, with verdicts, hosts and attempts' },
          params: idParams,
          response: { 200: reportDocumentSchema, 304: notModified },
        },
      },
      async (request, reply) => {
        const results = await read(request.params.id, request, reply);
        return results ? toReportDocument(results, prices()) : reply.code(304).send(null);
      },
    );
    app.get(
      '/api/v1/projects/:id/report.html',
      {
        exposeHeadRoute: false,
        onSend: tagBody,
        config: { errors },
        schema: {
          ...{
            tags,
            operationId: 'reportPage',
            summary: 'The same as a page, with the pictures that a GPU worker keeps in the same GF25_STATE_DIR',
          },
          params: idParams,
          response: {
            200: { description: 'A page that needs nothing else', content: { 'text/html': { schema: z.string() } } },
            304: notModified,
          },
        },
      },
      async (request, reply) => {
        const results = await read(request.params.id, request, reply);
        if (!results) return reply.code(304).send(null);
        return reply.headers(pageHeaders).send(await renderReport(results, cachedImages(stateFolder), prices()));
      },
    );
  };
