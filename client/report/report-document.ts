import type { Prices } from '../../config/prices.ts';
import type { Answer } from '../../workflows/goflow/contracts/media.ts';
import { type CombinationFacts, factsOf, type Spent, spentOn } from './combination-facts.ts';
import {
  type CombinationResult,
  countStates,
  overallVerdict,
  type ProjectResults,
  qaLines,
  type StateCounts,
} from './results.ts';

/** The results of a project for programs: without prompts, and without the addresses of images. */
export interface ReportDocument extends Omit<ProjectResults, 'media'> {
  readonly counts: StateCounts;
  readonly spent: Spent;
  readonly media: readonly ReportedMedia[];
}

export interface ReportedMedia {
  readonly id: string;
  readonly filename: string;
  readonly image?: ProjectResults['media'][number]['image'];
  readonly combinations: readonly ReportedCombination[];
}

/** With the answer as GoFlow got it, but for its time. */
export interface ReportedCombination extends CombinationFacts {
  readonly analysisResult?: Answer['stored']['analysisResult'];
  readonly verdicts?: NonNullable<Answer['verdicts']>;
  readonly qaIssues?: readonly string[];
}

export function toReportDocument({ media, ...results }: ProjectResults, prices?: Prices): ReportDocument {
  const all = media.flatMap(({ combinations }) => combinations);
  return {
    ...results,
    counts: countStates(all),
    spent: spentOn(all.map((result) => factsOf(result, prices))),
    media: media.map(({ media: { id, filename }, image, combinations }) => ({
      ...{ id, filename },
      ...(image && { image }),
      combinations: combinations.map((result) => toCombination(result, prices)),
    })),
  };
}

function toCombination(result: CombinationResult, prices?: Prices): ReportedCombination {
  const { stored, verdicts, provenance } = result.answer ?? {};
  return {
    ...factsOf(result, prices),
    ...(stored && { analysisResult: stored.analysisResult }),
    ...(verdicts && overallVerdict(verdicts) && { verdicts }),
    ...(provenance && { qaIssues: qaLines(provenance) }),
  };
}
