import { z } from 'zod';
import { type Word, wordDescriptions, wordSchemas } from '../../../workflows/goflow/contracts/messages.ts';
import { failureCodeSchema, filterShape, phaseSchema } from './common.ts';
import { combinationRowSchema, spentSchema } from './report.ts';

const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const optional = z.string().optional();
const flag = z.enum(['true', 'false']);

const projectRowSchema = z.object({
  projectId: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  summary: optional.describe('Names of client and project'),
  client: optional.describe('Slug of the client'),
  phase: phaseSchema.optional(),
  failed: z.number().optional().describe('Combinations that failed'),
  started: z.string(),
  closed: optional,
  status: z.string().describe('What Temporal says of the workflow'),
  reason: optional.describe('Why nothing was begun: its job was malformed'),
});

const progressSchema = z.object({
  phase: phaseSchema,
  since: z.string(),
  totals: z.object({ combinations: z.number(), done: z.number(), failed: z.number(), running: z.number() }),
  media: list(
    z.object({
      mediaId: z.string(),
      filename: z.string(),
      state: z.enum(['waiting', 'staging', 'analysing', 'done', 'failed']),
      host: optional,
      done: z.number(),
      failed: z.number(),
      total: z.number(),
    }),
  ),
  waitingFor: optional,
  planDigest: optional,
  failures: list(
    z.object({ mediaId: z.string(), analysisId: z.string(), code: failureCodeSchema, message: z.string() }),
  ),
  ignoredSignals: list(z.string()),
});

export const projectViewSchema = z.object({
  project: projectRowSchema,
  progress: progressSchema.optional(),
  progressUnavailable: optional.describe('Why there is no progress'),
  result: z
    .object({
      projectId: z.string(),
      combinations: z.number(),
      done: z.number(),
      failed: z.number(),
      report: z.enum(['accepted', 'already']),
      planDigest: z.string(),
    })
    .optional(),
  failure: z
    .object({ code: failureCodeSchema, message: z.string() })
    .optional()
    .describe('Why it ended without completing'),
  combinations: list(combinationRowSchema).optional().describe('Only when they are asked for'),
  spent: spentSchema.optional(),
  combinationsUnavailable: optional.describe('Why there are no combinations although they are asked for'),
});

export const showQuerySchema = z.strictObject({
  combinations: flag.optional().describe('true: also each image and analysis, at the rate of a report'),
});

export const projectPageSchema = z.object({
  projects: list(projectRowSchema),
  nextCursor: optional.describe('Give it as cursor for the next page; absent on the last one'),
});

export const listQuerySchema = z.strictObject({
  ...filterShape,
  phase: z.array(phaseSchema).max(10).optional().describe('In one of these phases; may be given again'),
  failed: flag.optional().describe('true: with at least one failed combination; false: with none'),
  open: flag.optional().describe('true: only those that are not over'),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(100, 'must be 100 or less')
    .default(50),
  // such that no cursor makes the head of a request too large to be read
  cursor: z
    .string()
    .max(1_024)
    .regex(/^[\w-]+$/, 'must be nextCursor of the page before')
    .optional()
    .describe('nextCursor of the page before'),
});

export const startedSchema = z.object({
  projectId: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  rerun: z.number().describe('0, or the number of the forced re-run'),
  images: z.number(),
  analyses: z.number(),
});

/** Words that cannot be said without telling more. */
export const wordNeedsInput: Readonly<Record<Word, boolean>> = {
  retry: false,
  accept: true,
  pause: false,
  resume: false,
  cancel: true,
};

const words = Object.keys(wordDescriptions) as [Word, ...Word[]];
const wordSchema = z.enum(words);
export const replySchema = z.object({ projectId: z.string(), word: wordSchema, message: z.string() });

export const rerunBodySchema = z.strictObject({
  force: z.boolean().default(false).describe('Also what has completed: GoFlow gets everything again, under new keys'),
});

/** What a word to many needs: which projects, what the word needs itself, and whether it is meant. */
export const bulkBodySchema = (word: Word) =>
  bulkBodyWith(wordNeedsInput[word] ? wordSchemas[word] : wordSchemas[word].optional());

export const bulkRerunBodySchema = bulkBodyWith(rerunBodySchema.optional());

function bulkBodyWith<Input extends z.ZodType>(input: Input) {
  return z.strictObject({
    filter: z
      .strictObject({
        ...filterShape,
        phases: z.array(phaseSchema).min(1).max(10).optional().describe('In one of these phases'),
        failed: z.boolean().optional().describe('true: with at least one failed combination; false: with none'),
        open: z.literal(true).optional().describe('Only those that are not over'),
      })
      .meta({ minProperties: 1, description: 'Which projects are meant: at least one condition' }),
    input,
    dry_run: z.boolean().default(true).describe('true: nothing is done, each project tells what would happen'),
  });
}

export const bulkReplySchema = z.object({
  word: z.enum([...words, 'rerun']),
  dryRun: z.boolean(),
  projects: list(
    z.object({
      projectId: z.string(),
      summary: optional,
      phase: optional,
      outcome: z.enum(['would', 'done', 'refused', 'unanswered']),
      message: z.string().describe('What happened or would happen, or why not'),
    }),
  ),
});
