import { z } from 'zod';
import type { PlanRef } from './media.ts';

const failedItem = z.object({
  media_id: z.string(),
  analysis_id: z.string(),
  code: z.string(),
  message: z.string(),
});

/** The body of E4, kept as it was composed: whoever sends it again sends the same bytes. */
export const reportSchema = z.object({
  type: z.string(),
  report: z.object({
    summary: z.string(),
    details: z.object({
      /** Media with at least one accepted result. */
      total_media_processed: z.int(),
      /** Combinations that GoFlow accepted. */
      total_analyses_completed: z.int(),
      processing_time_minutes: z.number(),
      /** Share 0..1 of combinations. */
      success_rate: z.number(),
      /** Slugs. */
      analysis_types_completed: z.array(z.string()),
      key_findings: z.array(z.string()),
      failed: z.array(failedItem),
    }),
  }),
});
export type Report = z.infer<typeof reportSchema>;

/** What the project workflow knows at its end; `composeReport` turns it into the body of E4. */
export interface ReportInput {
  readonly plan: PlanRef;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** By analysis id: how many combinations GoFlow accepted. */
  readonly doneByAnalysis: Readonly<Record<string, number>>;
  readonly mediaWithResults: number;
  readonly combinations: number;
  readonly notApplicable: number;
  readonly repaired: number;
  /** Usable, but something was flagged. Absent in histories of release 0.1, like `sameTexts`. */
  readonly degraded?: number;
  /** Analyses that gave the same long text for different images. */
  readonly sameTexts?: readonly { readonly analysisId: string; readonly mediaIds: readonly string[] }[];
  readonly failed: readonly { mediaId: string; analysisId: string; code: string; message: string }[];
  /** Label: on how many images, how often. */
  readonly labels: Readonly<Record<string, { images: number; count: number }>>;
  readonly acceptedBecause?: string;
}
