import type { Answer } from '../../workflows/goflow/contracts/media.ts';
import {
  type CombinationResult,
  countStates,
  overallVerdict,
  type ProjectResults,
  qaLines,
  type StateCounts,
} from './results.ts';
import type { Verdict } from '../../workflows/goflow/contracts/qa.ts';

/** The results of a project for programs: without prompts, and without the addresses of images. */
export interface ReportDocument extends Omit<ProjectResults, 'media'> {
  readonly counts: StateCounts;
  readonly media: readonly ReportedMedia[];
}

export interface ReportedMedia {
  readonly id: string;
  readonly filename: string;
  readonly image?: ProjectResults['media'][number]['image'];
  readonly combinations: readonly ReportedCombination[];
}

/** One media x one analysis. Times in milliseconds. */
export interface ReportedCombination {
  readonly analysisId: string;
  readonly slug: string;
  readonly state: CombinationResult['state'];
  readonly failure?: { readonly code: string; readonly message: string };
  /** ISO 8601 in UTC. */
  readonly acceptedAt?: string;
  readonly modelUsed?: string;
  readonly analysisResult?: Answer['stored']['analysisResult'];
  /** The weakest of the stages' verdicts. */
  readonly verdict?: Verdict;
  readonly verdicts?: NonNullable<Answer['verdicts']>;
  readonly host?: string;
  /** Answers that QA saw; more than one means corrective re-prompts. */
  readonly attempts?: number;
  readonly inferences?: number;
  readonly inferenceMs?: number;
  readonly waitedForLaneMs?: number;
  readonly qaIssues?: readonly string[];
}

export function toReportDocument({ media, ...results }: ProjectResults): ReportDocument {
  return {
    ...results,
    counts: countStates(media.flatMap(({ combinations }) => combinations)),
    media: media.map(({ media: { id, filename }, image, combinations }) => ({
      ...{ id, filename },
      ...(image && { image }),
      combinations: combinations.map(toCombination),
    })),
  };
}

function toCombination({ analysis, state, failure, acceptedAtMs, answer }: CombinationResult): ReportedCombination {
  return {
    ...{ analysisId: analysis.id, slug: analysis.slug, state },
    ...(failure && { failure }),
    ...(acceptedAtMs !== undefined && { acceptedAt: new Date(acceptedAtMs).toISOString() }),
    ...(answer && toAnswer(answer)),
  };
}

function toAnswer({ stored, verdicts, provenance }: Answer): Partial<ReportedCombination> {
  const verdict = overallVerdict(verdicts);
  return {
    ...{ modelUsed: stored.modelUsed, analysisResult: stored.analysisResult },
    ...(verdict && verdicts && { verdict, verdicts }),
    ...(provenance && {
      host: provenance.host,
      attempts: provenance.attempts?.length ?? 1,
      inferences: provenance.inferences,
      inferenceMs: provenance.inferenceMs,
      waitedForLaneMs: provenance.waitedForLaneMs,
      qaIssues: qaLines(provenance),
    }),
  };
}
