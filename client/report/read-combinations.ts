import type { Prices } from '../../config/prices.ts';
import type { Temporal } from '../operations/ask-temporal.ts';
import { OperationError } from '../operations/errors.ts';
import { type CombinationFacts, factsOf, type Spent, spentOn } from './combination-facts.ts';
import { openReport } from './read-report.ts';

export interface CombinationRow extends CombinationFacts {
  readonly mediaId: string;
  readonly filename: string;
}

export type CombinationsAnswer =
  | { readonly combinations: readonly CombinationRow[]; readonly spent: Spent }
  | { readonly combinations?: never; readonly combinationsUnavailable: string };

/**
 * What is known of each combination of a project. A history is read for each image, as for a report: a matter of tenths
 * of a second for 20 images, so a project is shown without it unless it is asked for.
 */
export async function readCombinations(
  temporal: Temporal,
  { id, prices }: { readonly id: string; readonly prices?: Prices | undefined },
): Promise<CombinationsAnswer> {
  try {
    const { media } = await (await openReport(temporal, { id })).read();
    const combinations = media.flatMap(({ media: { id: mediaId, filename }, combinations: results }) =>
      results.map((result) => ({ mediaId, filename, ...factsOf(result, prices) })),
    );
    return { combinations, spent: spentOn(combinations) };
  } catch (error) {
    // no plan yet, or nobody who could tell it: all else can be shown
    if (error instanceof OperationError && (error.code === 'Refused' || error.code === 'Unanswered'))
      return { combinationsUnavailable: error.message };
    throw error;
  }
}
