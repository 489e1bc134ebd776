import { type Word, wordSchemas } from '../../../workflows/goflow/contracts/messages.ts';
import type { ApiSettings } from '../../../config/api.ts';
import type { Operations } from '../operations.ts';
import { bulkBodySchema, bulkReplySchema } from '../schemas/project.ts';
import type { ZodApp } from '../zod-app.ts';

export interface BulkDeps {
  readonly operations: Pick<Operations, 'speakToProjects'>;
  readonly settings: () => ApiSettings;
}

/** One word to every project that a filter selects; unless told otherwise only a preview. */
export const bulkRoutes =
  ({ operations, settings }: BulkDeps) =>
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
        async ({ body: { filter, input = {}, dry_run: dryRun }, log, caller }) => {
          const { bulkProjects: maxProjects } = settings().limits;
          const reply = await operations.speakToProjects({ word, input, filter, dryRun, maxProjects });
          const projects = reply.projects.map(({ projectId, outcome }) => `${projectId} ${outcome}`);
          if (!dryRun) log.info({ subject: caller?.subject, word, input, filter, projects }, 'a word to many projects');
          return reply;
        },
      );
  };
