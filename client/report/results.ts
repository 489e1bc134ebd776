import type { AnalysisItem, Job, MediaItem } from '../../workflows/goflow/contracts/job.ts';
import type { Answer, Provenance, StagedImage } from '../../workflows/goflow/contracts/media.ts';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';
import type { Verdict, Verdicts } from '../../workflows/goflow/contracts/qa.ts';
import type { Report } from '../../workflows/goflow/contracts/report.ts';

/** What became of a project, with every answer: more than GoFlow is told (P6), for people. */
export interface ProjectResults {
  readonly client: Job['client'];
  readonly project: Job['project'];
  readonly phase: Phase;
  /** What it waits for, such as an operator, and why. */
  readonly waitingFor?: string;
  readonly plannedAt: string;
  readonly analyses: readonly AnalysisItem[];
  readonly media: readonly MediaResults[];
  /** The body of E4, once it was composed. */
  readonly report?: { readonly body: Report; readonly isAccepted: boolean };
}

export interface MediaResults {
  readonly media: MediaItem;
  /** As it was staged last; absent when it never reached a first answer. */
  readonly image?: StagedImage;
  /** In the order of `ProjectResults.analyses`. */
  readonly combinations: readonly CombinationResult[];
}

/** One media x one analysis. */
export interface CombinationResult {
  readonly analysis: AnalysisItem;
  readonly state: 'accepted' | 'failed' | 'pending';
  /** Of failed ones. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** The last one that was made; absent before it, and when none passed QA. */
  readonly answer?: Answer;
  /** When GoFlow accepted it, epoch ms. */
  readonly acceptedAtMs?: number;
}

/** The verdict of an answer as a whole: the weakest of its stages. Undefined when no model was asked. */
export function overallVerdict(verdicts: Verdicts | undefined): Verdict | undefined {
  const given = Object.values(verdicts ?? {});
  return (['failed', 'degraded', 'repaired', 'passed'] as const).find((verdict) => given.includes(verdict));
}

export type StateCounts = Record<CombinationResult['state'], number>;

export function countStates(combinations: readonly CombinationResult[]): StateCounts {
  const counts: StateCounts = { accepted: 0, failed: 0, pending: 0 };
  for (const { state } of combinations) counts[state] += 1;
  return counts;
}

/** What QA found in the answers of a combination, one line each; release 0.1 wrote the lines itself. */
export function qaLines({ attempts, issues }: Pick<Provenance, 'attempts' | 'issues'>): string[] {
  const lines = (attempts ?? []).flatMap((attempt, index) => {
    const before = (attempts?.length ?? 0) > 1 ? `answer ${index + 1}: ` : '';
    const found = attempt.issues.map(
      (issue) => `${before}${issue.stage} ${issue.rule}: ${issue.message} (${issue.action})`,
    );
    return attempt.omitted === undefined ? found : [...found, `${before}and ${attempt.omitted} more`];
  });
  return [...issues, ...lines];
}
