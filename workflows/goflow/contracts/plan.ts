import { z } from 'zod';
import { definitionSchema } from './analysis.ts';
import { jobSchema } from './job.ts';
import { storedAnswerSchema } from './media.ts';
import { qaSettingsSchema } from './qa.ts';

/** What an operator configured for failed combinations (decision D4). */
export const failurePolicySchema = z.object({
  policy: z.enum(['hold', 'accept']),
  /** Inclusive bound for `accept`. */
  maxFailedShare: z.number().min(0).max(1),
});

const plannedAnalysisSchema = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  /** Missing when the slug is unknown and `analysis.unknownSlug` is `fail`. */
  definition: definitionSchema.optional(),
});
export type PlannedAnalysis = z.infer<typeof plannedAnalysisSchema>;

/** What an earlier, failed or cancelled run of the project is known to have sent (P2). */
const earlierCombinationSchema = z.object({
  state: z.enum(['accepted', 'may-have-arrived', 'refused']),
  /** The round whose key was used last. */
  round: z.int(),
  /** The bytes that may have arrived: the same key carries them again. */
  stored: storedAnswerSchema.optional(),
});
export const earlierRunSchema = z.object({
  runId: z.string(),
  processing: z.enum(['no', 'may-have-arrived', 'accepted']),
  /** By combination key; absent: never sent. */
  combinations: z.record(z.string(), earlierCombinationSchema),
});
export type EarlierRun = z.infer<typeof earlierRunSchema>;

/**
 * The frozen definitions that a project runs with: made once, kept in the project's history, never changed.
 * Everybody else carries its digest and asks the project for it by query.
 */
export const planSchema = z.object({
  schema: z.literal(1),
  /** SHA-256 of everything else, hex. */
  digest: z.string(),
  configHash: z.string(),
  /** 0, or the number of the forced re-run: part of every idempotency key. */
  rerun: z.int().min(0),
  plannedAt: z.string(),
  client: jobSchema.shape.client,
  project: jobSchema.shape.project,
  media: jobSchema.shape.media,
  analyses: z.array(plannedAnalysisSchema),
  /** One text per model, the same for every analysis, so that the prefix cache survives (P4). */
  systemPrompts: z.record(z.string(), z.string()),
  /** Which variant of an image is tried first. */
  preferredVariant: z.enum(['optimised', 'greyscale']),
  qa: qaSettingsSchema,
  inferenceTimeoutMs: z.int(),
  failures: failurePolicySchema,
  reportType: z.string(),
  mediaInFlight: z.int().min(1),
  /** Forces continue-as-new early; for tests. The server's own suggestion always counts. */
  continueAsNewAfterEvents: z.int().optional(),
  earlier: earlierRunSchema.optional(),
});
export type Plan = z.infer<typeof planSchema>;
