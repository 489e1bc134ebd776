import { type Word, wordDescriptions, wordSchemas } from '../../../workflows/goflow/contracts/messages.ts';
import type { ApiErrorCode } from '../api-errors.ts';
import { noBodyIsEmpty } from '../optional-body.ts';
import type { Operations } from '../operations.ts';
import { idParams } from '../schemas/common.ts';
import { replySchema, rerunBodySchema, startedSchema, wordNeedsInput } from '../schemas/project.ts';
import type { ZodApp } from '../zod-app.ts';

const tags = ['projects'];
const errors: readonly ApiErrorCode[] = ['NotFound', 'Refused', 'Unanswered', 'TemporalUnreachable', 'TemporalRefused'];
/** The operator's words to one project, with the JSON of the signals; and `rerun`, which starts a closed one again. */
export const wordRoutes = (operations: Pick<Operations, 'speakToProject' | 'rerunProject'>) => async (app: ZodApp) => {
  for (const word of Object.keys(wordSchemas) as Word[]) {
    app.post(
      `/api/v1/projects/:id/${word}`,
      {
        ...(!wordNeedsInput[word] && noBodyIsEmpty),
        config: { errors },
        schema: {
          ...{
            tags,
            operationId: `${word}Project`,
            summary: wordDescriptions[word],
            ...optionally(!wordNeedsInput[word]),
          },
          params: idParams,
          body: wordSchemas[word],
          response: { 200: replySchema },
        },
      },
      async ({ params: { id }, body: input }) => operations.speakToProject({ id, word, input }),
    );
  }
  app.post(
    '/api/v1/projects/:id/rerun',
    {
      ...noBodyIsEmpty,
      config: { errors },
      schema: {
        ...{ tags, operationId: 'rerunProject', ...optionally(true) },
        summary: 'Runs a project that is over again; a completed one only with {"force":true}',
        params: idParams,
        body: rerunBodySchema,
        response: { 201: startedSchema },
      },
    },
    async ({ params: { id }, body: { force } }, reply) => {
      const started = await operations.rerunProject({ id, force });
      return reply.code(201).header('location', `/api/v1/projects/${started.projectId}`).send(started);
    },
  );
};

/** For `openapi.ts`. */
const optionally = (isOptional: boolean) => (isOptional ? { 'x-optional-body': true } : {});
