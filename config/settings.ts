import { z } from 'zod';
import { failurePolicySchema } from '../workflows/goflow/contracts/plan.ts';
import { coordinatesSchema } from './coordinates.ts';
import { pricesSchema } from './prices.ts';
import { seconds } from './seconds.ts';

const count = z.int().min(1);

/** `gf25.yaml`. Strict: a mistyped key is a fault and not a silent default. */
export const settingsSchema = z.strictObject({
  intake: z.strictObject({
    pollIntervalSeconds: seconds,
    windowMinutes: z.number().positive(),
    maxConcurrentProjects: count,
    maxOpenProjects: count,
  }),
  goflow: z.strictObject({ slowRetrySeconds: seconds, maxRetryAfterSeconds: seconds }),
  vision: z.strictObject({
    model: z.string().min(1),
    coordinates: coordinatesSchema,
    contextTokens: z.int().min(2048),
    chatTemplate: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])).nullable(),
    /** Sides on the grid and an area in this range are what the engines do not resize again. */
    image: z
      .strictObject({ gridPixels: count, minPixels: count, maxPixels: count })
      .refine(({ minPixels, maxPixels }) => minPixels <= maxPixels, {
        path: ['minPixels'],
        error: 'is above maxPixels',
      })
      .refine(({ gridPixels, maxPixels }) => gridPixels ** 2 <= maxPixels, {
        path: ['gridPixels'],
        error: 'one square of the grid has more pixels than maxPixels',
      }),
    inferenceTimeoutSeconds: seconds,
    maxAnswerBytes: z.int().min(1024),
    attempts: count,
    healthIntervalSeconds: seconds,
    prices: pricesSchema.optional(),
  }),
  images: z.strictObject({
    allowedHosts: z.array(z.string().min(1)),
    maxDownloadsPerHost: count,
    cacheTtlHours: z.number().positive(),
    cacheMaxBytes: z.int().min(0),
    downloadTimeoutSeconds: seconds,
    attempts: count,
    slowRetrySeconds: seconds,
    giveUpHours: z.number().min(0),
  }),
  gpu: z.strictObject({ stageAheadPerLane: z.number().min(0), idlePlaceSeconds: seconds }),
  project: z.strictObject({ mediaInFlight: count, continueAsNewAfterEvents: count.optional() }),
  analysis: z.strictObject({ unknownSlug: z.enum(['default', 'fail']) }),
  failures: z.strictObject(failurePolicySchema.shape),
  qa: z.strictObject({ maxRepairs: z.int().min(0), budgetSeconds: seconds }),
  report: z.strictObject({ type: z.string().min(1) }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Merges an overlay key by key; lists are replaced as a whole. */
export function merge(base: unknown, overlay: unknown): unknown {
  if (!isMapping(base) || !isMapping(overlay)) return overlay;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overlay)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
