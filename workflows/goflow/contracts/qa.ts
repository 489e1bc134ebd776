import { z } from 'zod';

export const qaStages = ['structural', 'content', 'domain'] as const;
export type QaStage = (typeof qaStages)[number];

/** `repaired`: passed after a corrective re-prompt or a fix. `degraded`: usable, but something was flagged. */
export const verdictSchema = z.enum(['passed', 'repaired', 'degraded', 'failed']);
export type Verdict = z.infer<typeof verdictSchema>;

export const verdictsSchema = z.object({ structural: verdictSchema, content: verdictSchema, domain: verdictSchema });
/** What each stage said of the accepted answer. */
export type Verdicts = z.infer<typeof verdictsSchema>;

export const qaSettingsSchema = z.object({
  /** Corrective re-prompts after the first answer. */
  maxRepairs: z.int().min(0),
  /** For checking, not for the model's time. */
  budgetSeconds: z.number().positive(),
  refusalPatterns: z.array(z.string()),
  placeholderPatterns: z.array(z.string()),
  minDescriptionCharacters: z.int().min(0),
  /** A box may leave the image by this many pixels and is clamped; further out the answer is asked again. */
  boxClampPixels: z.number().min(0),
});
export type QaSettings = z.infer<typeof qaSettingsSchema>;
