import type { Job, MalformedJob } from './job.ts';
import type { Outcome, Task } from './media.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';

export interface IntakeInput {
  /** How long one run polls before the schedule starts the next one. */
  readonly windowMs: number;
}

/** A workflow task that dies with its orchestrator is waited for so long; replaying 1,000 events takes half a second. */
export const workflowTaskTimeout = '5s';

export interface ProjectInput {
  readonly job: Job | MalformedJob;
  /** Which hand-out of the job this run answers; absent for jobs from a file. Also in the memo. */
  readonly acquisitionId?: string;
  /** 0 unless an operator forced a re-run of a completed project. */
  readonly rerun: number;
  /** False where search attributes may not be registered: work without them. */
  readonly searchAttributes: boolean;
  /** What the run before continue-as-new hands on. */
  readonly carried?: CarriedProject;
}

export interface ProjectResult {
  readonly projectId: string;
  readonly combinations: number;
  readonly done: number;
  readonly failed: number;
  readonly report: 'accepted' | 'already';
  readonly planDigest: string;
  /** As the query `progress` answered last. Absent in histories of release 0.1. */
  readonly progress?: Progress;
}

/** Everything that is open when a project continues as new. Numbers are positions in the plan, to stay small. */
export interface CarriedProject {
  readonly plan: Plan;
  readonly startedAtMs: number;
  readonly processingAccepted: boolean;
  readonly paused: boolean;
  readonly announced: number;
  /** By stage. Absent in histories of release 0.1. */
  readonly toldQaFailures?: Readonly<Record<string, number>>;
  readonly ignored: readonly string[];
  readonly combinations: CarriedCombinations;
}

export interface CarriedCombinations {
  /** position = media index x number of analyses + analysis index */
  readonly done: readonly number[];
  readonly notApplicable: readonly number[];
  readonly repaired: readonly number[];
  /** Absent in histories of release 0.1, like `told`. */
  readonly degraded?: readonly number[];
  readonly failed: readonly { readonly mediaId: string; readonly outcome: FailedOutcome }[];
  readonly open: readonly { readonly mediaId: string; readonly task: Task }[];
  readonly labels: Readonly<Record<string, LabelCount>>;
  readonly qaFailures: Readonly<Record<string, number>>;
  /** Digests of long texts, for the comparison between images. */
  readonly told?: readonly {
    readonly mediaId: string;
    readonly analysisId: string;
    readonly image: string;
    readonly texts: readonly string[];
  }[];
}

export interface LabelCount {
  readonly images: number;
  readonly count: number;
}

export type FailedOutcome = Extract<Outcome, { state: 'failed' }>;
export type DoneOutcome = Extract<Outcome, { state: 'done' }>;
