import { z } from 'zod';
import type { MediaItem } from './job.ts';
import { attemptSchema, verdictsSchema } from './qa.ts';

/** The image as it was admitted on a host. Sizes in pixels after orientation. */
export const stagedImageSchema = z.object({
  variant: z.enum(['optimised', 'greyscale']),
  /** SHA-256 of the canonical bytes, hex: the cache key on the host and the prefix-cache key of the server. */
  sha256: z.string(),
  originalWidth: z.int(),
  originalHeight: z.int(),
  sentWidth: z.int(),
  sentHeight: z.int(),
});
export type StagedImage = z.infer<typeof stagedImageSchema>;

/** Stays on our side (P6): what an answer was made with. Times in milliseconds. */
export const provenanceSchema = z.object({
  host: z.string(),
  provider: z.string(),
  model: z.string(),
  serverVersion: z.string().optional(),
  /** Of the model's files, where the server tells. */
  modelDigest: z.string().optional(),
  definitionVersion: z.string(),
  imageSha256: z.string(),
  imageVariant: z.string(),
  inferences: z.int(),
  waitedForLaneMs: z.number(),
  inferenceMs: z.number(),
  qaMs: z.number(),
  promptTokens: z.number().optional(),
  /** How many of the prompt's the server did not compute again, where it tells. */
  cachedTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  /** Release 0.1 said here, one line each, what `attempts` says now. */
  issues: z.array(z.string()),
  /** Every answer in its order, with what was found in it: the last one, or the best, was taken. */
  attempts: z.array(attemptSchema).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** What E3 will say, but for the system prompt, which the plan holds once for all. */
export const storedAnswerSchema = z.object({
  modelUsed: z.string(),
  /** Names the system prompt in the plan. */
  model: z.string(),
  userPromptUsed: z.string(),
  analysisResult: z.record(z.string(), z.unknown()),
});
export type StoredAnswer = z.infer<typeof storedAnswerSchema>;

export const answerSchema = z.object({
  stored: storedAnswerSchema,
  /** Absent when no model was asked: a colour analysis on a greyscale image is a normal outcome. */
  verdicts: verdictsSchema.optional(),
  provenance: provenanceSchema.optional(),
  /** Labels that were found and how often, for the report's key findings. */
  labels: z.record(z.string(), z.number()),
  /** Digests of its long texts: the same one for different images was not seen in them. Absent in release 0.1. */
  texts: z.array(z.string()).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/** Where the next step of one combination begins. */
export const taskSchema = z.object({
  analysisId: z.string(),
  slug: z.string(),
  /** Part of the idempotency key: grows after a definite refusal, so that one key never carries two bodies. */
  round: z.int().min(1),
  /** An earlier send of this combination may have reached GoFlow (decision D3). */
  mayHaveArrived: z.boolean(),
  /** An answer that was paid for: it is sent, not made again. */
  stored: storedAnswerSchema.optional(),
  /** The stored answer was sent once more after a refusal: the next retry makes a new one (P3). */
  resent: z.boolean(),
});
export type Task = z.infer<typeof taskSchema>;

/** What became of a combination. */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('done'),
    analysisId: z.string(),
    /** `already`: GoFlow had it from an earlier, ambiguous send. */
    how: z.enum(['accepted', 'already']),
    verdicts: verdictsSchema.optional(),
    notApplicable: z.boolean(),
    /** Digests of the answer's long texts, and which image they are about. */
    texts: z.array(z.string()).optional(),
    imageSha256: z.string().optional(),
  }),
  z.object({
    state: z.literal('failed'),
    analysisId: z.string(),
    code: z.string(),
    message: z.string(),
    round: z.int(),
    /** Whether this round's key was ever used. */
    sent: z.boolean(),
    mayHaveArrived: z.boolean(),
    stored: storedAnswerSchema.optional(),
    resent: z.boolean(),
  }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export interface MediaInput {
  readonly projectId: string;
  readonly plan: PlanRef;
  readonly rerun: number;
  readonly media: MediaItem;
  readonly preferredVariant: 'optimised' | 'greyscale';
  readonly tasks: readonly Task[];
  /** Whether E2 "processing" was accepted already, so that there is nothing to wait for. */
  readonly begun: boolean;
  readonly paused: boolean;
}

/** Where a plan is found: the project workflow that holds it, and what it must hash to. */
export interface PlanRef {
  readonly projectId: string;
  readonly digest: string;
}

export interface MediaResult {
  readonly outcomes: readonly Outcome[];
  readonly labels: Readonly<Record<string, number>>;
  /** By stage: how many answers did not pass it at first. */
  readonly qaFailures: Readonly<Record<string, number>>;
}

/** What a media workflow knows to have been sent; read by query, also after it ended. */
export interface MediaLedger {
  readonly accepted: readonly string[];
  readonly open: readonly Pick<Task, 'analysisId' | 'round' | 'mayHaveArrived' | 'stored'>[];
}
