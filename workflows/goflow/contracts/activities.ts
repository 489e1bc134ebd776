import type { StatusStep } from './ids.ts';
import type { Job, MalformedJob, MediaItem } from './job.ts';
import type { Answer, MediaLedger, PlanRef, StagedImage, StoredAnswer } from './media.ts';
import type { Plan } from './plan.ts';
import type { QaStage } from './qa-stages.ts';
import type { Report, ReportInput } from './report.ts';

/** Activities on the queue `goflow-io`. Every failure is an ApplicationFailure whose type is a failure code. */
export interface IoActivities {
  /** E1. One GET per attempt; an empty queue is a benign failure, so that an idle hour adds no events. */
  acquireJob(input: AcquireJobInput): Promise<AcquiredJob>;
  planProject(input: PlanProjectInput): Promise<Plan>;
  /** E2. */
  setStatus(input: SetStatusInput): Promise<Receipt>;
  /** E3. */
  submitResult(input: SubmitResultInput): Promise<Receipt>;
  composeReport(input: ReportInput): Promise<Report>;
  /** E4. */
  submitReport(input: SubmitReportInput): Promise<Receipt>;
  /** Discord. Never fails a project. */
  announce(input: Announcement): Promise<void>;
  /** What an image whose workflow ended without a result is known to have sent. */
  recoverMedia(input: { projectId: string; mediaId: string }): Promise<MediaLedger>;
}

/** Activities on the shared queue `goflow-gpu`. */
export interface StagingActivities {
  /** Downloads, checks and admits an image on the host that took the task. */
  stageImage(input: StageImageInput): Promise<StagedOnHost>;
}

/** Activities on one host's own queue. */
export interface HostActivities {
  /** Waits for a lane, asks the model, checks the answer in three stages, asks again where that helps. */
  analyze(input: AnalyzeInput): Promise<Analyzed>;
  /** Gives the image's place back. With `abort`, what still waits or runs for it ends at once. */
  releaseImage(input: ReleaseImageInput): Promise<void>;
}

export interface AcquireJobInput {
  /** No GET starts after this moment (epoch ms); a GET in flight is never cut off. */
  readonly untilMs: number;
  /** Workflow ids of projects that this intake run started: visibility may not show them yet. */
  readonly startedIds: readonly string[];
  /** Jobs of this run that need not be handed out again. */
  readonly settled: readonly SettledJob[];
}

export interface SettledJob {
  readonly acquisitionId: string;
  readonly workflowId: string;
  readonly outcome: 'started' | 'refused';
}

export type AcquiredJob =
  | { readonly kind: 'window-over' }
  | {
      readonly kind: 'job';
      readonly acquisitionId: string;
      readonly workflowId: string;
      readonly job: Job | MalformedJob;
      /** False where search attributes may not be registered: work without them. */
      readonly searchAttributes: boolean;
      readonly pollIntervalMs: number;
    };

export interface PlanProjectInput {
  readonly job: Job;
  readonly rerun: number;
  readonly runId: string;
}

/** What every call to GoFlow that changes something carries. */
export interface SendInput {
  readonly projectId: string;
  readonly idempotencyKey: string;
  /** An earlier activity may have sent this already (decision D3). */
  readonly mayHaveArrived: boolean;
}

export interface SetStatusInput extends SendInput {
  readonly step: StatusStep;
}

export interface SubmitResultInput extends SendInput {
  readonly plan: PlanRef;
  readonly mediaId: string;
  readonly analysisId: string;
  readonly stored: StoredAnswer;
}

export interface SubmitReportInput extends SendInput {
  readonly report: Report;
}

export interface Receipt {
  /** `already`: refused as a duplicate after an ambiguous send, so GoFlow has it (decision D3). */
  readonly how: 'accepted' | 'already';
  readonly status: number;
}

export interface StageImageInput {
  readonly plan: PlanRef;
  readonly media: MediaItem;
  readonly preferredVariant: 'optimised' | 'greyscale';
}

export interface StagedOnHost {
  readonly host: string;
  readonly image: StagedImage;
  /**
   * How many analyses of the image the host wants to run or wait there, so that none of its lanes waits for Temporal.
   * Hosts of earlier versions do not say.
   */
  readonly atHand?: number;
}

export interface AnalyzeInput {
  readonly plan: PlanRef;
  readonly mediaId: string;
  readonly analysisId: string;
  /** Another round is another answer; the same round may be asked again and gets the same one. */
  readonly round: number;
  readonly image: StagedImage;
  /** Analyses of this image that will be asked for later. */
  readonly toCome: number;
}

export interface Analyzed {
  readonly answer: Answer;
  /** Lanes of this host that nobody uses or waits for: the window of the image may grow by as many. */
  readonly spareLanes: number;
  /** Lanes that work for this image now; not told by hosts of earlier versions. */
  readonly imageLanes?: number;
  /** More of this image is to come, and nothing of it was here when this answer came: the way to the host is too long. */
  readonly ranDry?: boolean;
  /** The host is shutting down: it takes nothing more. */
  readonly isLeaving: boolean;
}

export interface ReleaseImageInput {
  readonly projectId: string;
  readonly mediaId: string;
  readonly abort: boolean;
  /** The image stays, and what runs: only what waits for a lane is handed back. */
  readonly onlyWaiting?: boolean;
}

interface About {
  readonly projectId: string;
  readonly client: string;
  readonly project: string;
  /** Where the project stood when it was said. Absent in histories of release 0.1. */
  readonly progress?: AnnouncedProgress;
}

export interface AnnouncedProgress {
  readonly elapsedMs: number;
  readonly combinations: number;
  readonly done: number;
  readonly failed: number;
}

/** By stage: answers that did not pass it at first. */
export type QaFailures = Readonly<Record<string, number>>;

export type Announcement = About &
  (
    | { readonly kind: 'job-acquired'; readonly media: number; readonly analyses: number }
    | {
        readonly kind: 'qa-failures';
        readonly stage: QaStage;
        readonly count: number;
        readonly examples: readonly string[];
      }
    | {
        readonly kind: 'waiting-for-operator';
        readonly reason: string;
        readonly failed: number;
        readonly combinations: number;
      }
    | { readonly kind: 'waiting-for-goflow'; readonly sinceMs: number; readonly call: string; readonly reason: string }
    | {
        readonly kind: 'project-finished';
        readonly report: Report;
        /** Answers by what QA made of them. Absent in histories of release 0.1. */
        readonly qa?: { readonly repaired: number; readonly degraded: number; readonly failures: QaFailures };
      }
    | { readonly kind: 'project-ended'; readonly how: 'cancelled' | 'failed'; readonly reason: string }
  );
