import { type Word, wordSchemas } from '../../../workflows/goflow/contracts/messages.ts';
import type { ApiSettings } from '../../../config/api.ts';
import type { ApiErrorCode } from '../api-errors.ts';
import { performOne } from '../record-actions.ts';
import type { ActionLog } from '../../audit/action-log.ts';
import type { Operations } from '../operations.ts';
import { bulkBodySchema, bulkReplySchema, bulkRerunBodySchema } from '../schemas/project.ts';
import type { ZodApp } from '../zod-app.ts';

export interface BulkDeps {
  readonly operations: Pick<Operations, 'speakToProjects' | 'rerunProjects'>;
  readonly settings: () => ApiSettings;
  readonly actions: ActionLog;
}

const tags = ['projects'];
const errors: readonly ApiErrorCode[] = ['Refused', 'TemporalUnreachable', 'TemporalRefused'];

/** One word, or rerun, to every project that a filter selects; unless told otherwise only a preview. */
export const bulkRoutes =
  ({ operations, settings, actions }: BulkDeps) =>
  async (app: ZodApp) => {
    for (const word of Object.keys(wordSchemas) as Word[])
      app.post(
        `/api/v1/projects/actions/${word}`,
        {
          config: { errors },
          schema: {
            ...{ tags, operationId: `${word}Projects` },
            summary: `Says ${word} to all projects that fit; with dry_run, the default, asks what each would answer`,
            body: bulkBodySchema(word),
            response: { 200: bulkReplySchema },
          },
        },
        async (request) => {
          const { filter, input = {}, dry_run: dryRun } = request.body;
          const { bulkProjects: maxProjects } = settings().limits;
          const perform = performOne(request, actions, word, input);
          return operations.speakToProjects({ word, input, filter, dryRun, maxProjects, perform });
        },
      );
    app.post(
      '/api/v1/projects/actions/rerun',
      {
        config: { errors },
        schema: {
          ...{ tags, operationId: 'rerunProjects' },
          summary: 'Runs all projects that fit and are over again; with dry_run, the default, tells which would',
          body: bulkRerunBodySchema,
          response: { 200: bulkReplySchema },
        },
      },
      async (request) => {
        const { filter, input = { force: false }, dry_run: dryRun } = request.body;
        const { bulkProjects: maxProjects } = settings().limits;
        const perform = performOne(request, actions, 'rerun', input);
        return operations.rerunProjects({ ...input, filter, dryRun, maxProjects, perform });
      },
    );
  };
