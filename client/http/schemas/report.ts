import { z } from 'zod';
import { stagedImageSchema } from '../../../workflows/goflow/contracts/media.ts';
import { verdictSchema, verdictsSchema } from '../../../workflows/goflow/contracts/qa.ts';
import { reportSchema } from '../../../workflows/goflow/contracts/report.ts';
import { phaseSchema, failureCodeSchema } from './common.ts';

const party = z.object({ id: z.string(), slug: z.string(), name: z.string() });
const count = z.number();

const text = z.string().optional();
const cost = z
  .object({ amount: count, currency: z.string() })
  .optional()
  .describe('Where vision.prices names the model');

const factsShape = {
  analysisId: z.string(),
  slug: z.string(),
  state: z.enum(['accepted', 'failed', 'pending']),
  failure: z.object({ code: failureCodeSchema, message: z.string() }).optional(),
  acceptedAt: text.describe('When GoFlow accepted it'),
  modelUsed: text,
  verdict: verdictSchema.optional().describe('The weakest of the three'),
  attempts: count.optional().describe('Answers that QA saw: more than one means corrective re-prompts'),
  ...{ host: text, provider: text, serverVersion: text, modelDigest: text, definitionVersion: text },
  inferences: count.optional(),
  inferenceMs: count.optional(),
  waitedForLaneMs: count.optional(),
  qaMs: count.optional(),
  promptTokens: count.optional(),
  cachedTokens: count.optional().describe("Of the prompt's, where the server tells"),
  outputTokens: count.optional(),
  cost,
};

export const combinationRowSchema = z.object({ mediaId: z.string(), filename: z.string(), ...factsShape });

const combinationSchema = z.object({
  ...factsShape,
  analysisResult: z.record(z.string(), z.unknown()).optional().describe('As GoFlow got it, but for its time'),
  verdicts: verdictsSchema.optional(),
  qaIssues: z.array(z.string()).readonly().optional(),
});

export const spentSchema = z
  .object({
    ...{ inferences: count, inferenceMs: count },
    ...{ promptTokens: count, cachedTokens: count, outputTokens: count },
    cost,
  })
  .describe('What the answers have cost: time of lanes, and tokens where servers tell');

/** Every answer of a project, without prompts and without the addresses of images. */
export const reportDocumentSchema = z.object({
  client: party,
  project: party,
  phase: phaseSchema,
  waitingFor: text.describe('What it waits for, such as an operator, and why'),
  plannedAt: z.string(),
  analyses: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })).readonly(),
  counts: z.object({ accepted: count, failed: count, pending: count }),
  spent: spentSchema,
  media: z
    .array(
      z.object({
        id: z.string(),
        filename: z.string(),
        image: stagedImageSchema.optional(),
        combinations: z.array(combinationSchema).readonly(),
      }),
    )
    .readonly(),
  report: z.object({ body: reportSchema, isAccepted: z.boolean() }).optional().describe('The body of E4'),
});
