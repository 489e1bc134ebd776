import { type Word, wordSchemas } from '../../../workflows/goflow/contracts/messages.ts';
import type { ApiSettings } from '../../../config/api.ts';
import { performOne } from '../record-actions.ts';
import type { ActionLog } from '../../audit/action-log.ts';
import type { Operations } from '../operations.ts';
import { bulkBodySchema, bulkReplySchema } from '../schemas/project.ts';
import type { ZodApp } from '../zod-app.ts';

export interface BulkDeps {
  readonly operations: Pick<Operations, 'speakToProjects'>;
  readonly settings: () => ApiSettings;
  readonly actions: ActionLog;
}

/** One word to every project that a filter selects; unless told otherwise only a preview. */
export const bulkRoutes =
  ({ operations, settings, actions }: BulkDeps) =>
  async (app: ZodApp) => {
    for (const word of Object.keys(wordSchemas) as Word[])
      app.post(
        `/api/v1/projects/actions/${word}`,
        {
          config: { errors: ['Refused', 'TemporalUnreachable', 'TemporalRefused'] },
          schema: {
            ...{ tags: ['projects'], operationId: `${word}Projects` },
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
  };
