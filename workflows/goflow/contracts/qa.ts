import { z } from 'zod';
import { onFailSchema, rulesSchema } from './qa-rules.ts';
import { qaStages } from './qa-stages.ts';

/** `repaired`: passed after a corrective re-prompt or a fix. `degraded`: usable, but something was flagged. */
export const verdictSchema = z.enum(['passed', 'repaired', 'degraded', 'failed']);
export type Verdict = z.infer<typeof verdictSchema>;

export const verdictsSchema = z.object({ structural: verdictSchema, content: verdictSchema, domain: verdictSchema });
/** What each stage said of the accepted answer. */
export type Verdicts = z.infer<typeof verdictsSchema>;

export const issueSchema = z.object({
  stage: z.enum(qaStages),
  rule: z.string(),
  /** `objects.2.box`; empty where it is the whole answer. */
  path: z.string(),
  /** Written for the model and for an operator alike. */
  message: z.string(),
  /** What was done about it. */
  action: onFailSchema,
});
/** One fault of an answer: what is wrong where, and what was done about it. */
export type Issue = z.infer<typeof issueSchema>;

/** One answer of a combination and what was found in it; lengths are capped, since histories hold it. */
export const attemptSchema = z.object({
  issues: z.array(issueSchema),
  /** How many more issues there were. */
  omitted: z.int().optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

const fieldNames = z.array(z.string().refine((text) => isPattern(text), 'not a regular expression'));

export const qaSettingsSchema = z.object({
  /** Corrective re-prompts after the first answer. */
  maxRepairs: z.int().min(0),
  /** For checking, not for the model's time. */
  budgetSeconds: z.number().positive(),
  /** What fields hold, by patterns over their dotted names without list positions. */
  fields: z.strictObject({
    /** Words as they stand in the image: any language, any repetition. */
    transcript: fieldNames,
    /** The same, by patterns over what a definition says of a field. Plans of earlier releases have none. */
    described: fieldNames.optional(),
    /** Names of things, one or a few words. */
    label: fieldNames,
  }),
  rules: rulesSchema,
});
export type QaSettings = z.infer<typeof qaSettingsSchema>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'iu');
    return true;
  } catch {
    return false;
  }
}
