import type { Operations } from '../operations.ts';
import { tagBody } from '../etag.ts';
import { readJson } from '../read-json.ts';
import { idParams, notModified } from '../schemas/common.ts';
import { submittedJobSchema } from '../schemas/job.ts';
import {
  listQuerySchema,
  projectPageSchema,
  projectViewSchema,
  showQuerySchema,
  startedSchema,
} from '../schemas/project.ts';
import type { ApiSettings } from '../../../config/api.ts';
import type { Prices } from '../../../config/prices.ts';
import type { ZodApp } from '../zod-app.ts';

export interface ProjectDeps {
  readonly operations: Pick<Operations, 'findProjects' | 'showProject' | 'readCombinations' | 'submitJob'>;
  readonly settings: () => ApiSettings;
  readonly prices: () => Prices | undefined;
}

const tags = ['projects'];

/** Projects: the list, one of them, a new one. */
export const projectRoutes =
  ({ operations, settings, prices }: ProjectDeps) =>
  async (app: ZodApp) => {
    // what a job holds beyond the contract is kept out, not fatal
    readJson(app, 'remove');
    app.get(
      '/api/v1/projects',
      {
        config: { errors: ['NotFound', 'TemporalUnreachable', 'TemporalRefused'] },
        // once or many times: the same to us
        preValidation: async ({ query }) => {
          const given = query as Record<string, unknown>;
          if (typeof given['phase'] === 'string') given['phase'] = [given['phase']];
        },
        schema: {
          ...{ tags, operationId: 'listProjects', summary: 'Projects, open ones first' },
          querystring: listQuerySchema,
          response: { 200: projectPageSchema },
        },
      },
      async ({ query: { phase, failed, open, ...search } }) =>
        operations.findProjects({
          ...search,
          phases: phase,
          failed: failed && failed === 'true',
          // `open=false` means all, as if it were not given
          open: open === 'true' ? true : undefined,
        }),
    );
    app.get(
      '/api/v1/projects/:id',
      {
        onSend: tagBody,
        config: { errors: ['NotFound', 'TemporalUnreachable', 'TemporalRefused'] },
        schema: {
          ...{ tags, operationId: 'showProject', summary: 'Where a project stands, image by image, and how it ended' },
          params: idParams,
          querystring: showQuerySchema,
          response: { 200: projectViewSchema, 304: notModified },
        },
      },
      async ({ params: { id }, query: { combinations } }) => {
        const view = await operations.showProject({ id });
        return combinations === 'true'
          ? { ...view, ...(await operations.readCombinations({ id, prices: prices() })) }
          : view;
      },
    );
    app.post(
      '/api/v1/projects',
      {
        bodyLimit: settings().limits.jobBytes,
        config: { errors: ['Refused', 'TemporalUnreachable', 'TemporalRefused'] },
        schema: {
          ...{
            tags,
            operationId: 'submitJob',
            summary: "Runs a job that does not come from GoFlow's queue (E1's shape)",
          },
          body: submittedJobSchema,
          response: { 201: startedSchema },
        },
      },
      async ({ body: job }, reply) => {
        const started = await operations.submitJob({ job });
        return reply.code(201).header('location', `/api/v1/projects/${started.projectId}`).send(started);
      },
    );
  };
