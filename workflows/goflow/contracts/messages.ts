import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { z } from 'zod';
import type { MediaLedger } from './media.ts';
import type { EarlierRun, Plan } from './plan.ts';
import type { Progress } from './progress.ts';

/** It becomes part of a failure and of texts for people. */
const reason = z.string().min(1, 'must not be empty').max(1_000, 'must not be longer than 1000 characters');

/**
 * The words of an operator. Each is a signal (fire and forget) and an update (answers) of the same name with one JSON
 * object. Unknown keys are refused: a mistyped `mediaID` must not become "retry everything".
 */
export const wordSchemas = {
  retry: z.union(
    [
      z.strictObject({ step: z.literal('report') }),
      z.strictObject({ mediaId: z.string().min(1).optional(), analysisId: z.string().min(1).optional() }),
    ],
    { error: 'expected {"mediaId"?, "analysisId"?} or {"step": "report"}' },
  ),
  accept: z.strictObject({ reason }),
  pause: z.strictObject({}),
  resume: z.strictObject({}),
  cancel: z.strictObject({ reason }),
} as const;

export type Word = keyof typeof wordSchemas;
export type WordInput<W extends Word> = z.infer<(typeof wordSchemas)[W]>;
export type Spoken = { [W in Word]: { readonly word: W; readonly input: WordInput<W> } }[Word];

/** What an update answers. */
export interface WordAnswer {
  readonly message: string;
}

export const wordDescriptions: Record<Word, string> = {
  retry:
    'Runs what failed again: {} all, {"mediaId"} one image, {"mediaId","analysisId"} one combination, {"analysisId"} one analysis on all images, {"step":"report"} sends the report again.',
  accept: 'Completes a holding project although some combinations failed: {"reason"}.',
  pause: 'Starts nothing new; what runs ends and is reported; places on hosts are given back: {}.',
  resume: 'Goes on after a pause: {}.',
  cancel: 'Ends the project now: inferences are aborted and nothing more is sent to GoFlow: {"reason"}.',
};

export const wordSignals = {
  retry: defineSignal<[unknown]>('retry'),
  accept: defineSignal<[unknown]>('accept'),
  pause: defineSignal<[unknown]>('pause'),
  resume: defineSignal<[unknown]>('resume'),
  cancel: defineSignal<[unknown]>('cancel'),
} as const satisfies Record<Word, unknown>;

export const wordUpdates = {
  retry: defineUpdate<WordAnswer, [unknown]>('retry'),
  accept: defineUpdate<WordAnswer, [unknown]>('accept'),
  pause: defineUpdate<WordAnswer, [unknown]>('pause'),
  resume: defineUpdate<WordAnswer, [unknown]>('resume'),
  cancel: defineUpdate<WordAnswer, [unknown]>('cancel'),
} as const satisfies Record<Word, unknown>;

export const progressQuery = defineQuery<Progress>('progress');
/** What an update of this word would answer now; nothing changes. For previews of what many projects would say. */
export const wouldQuery = defineQuery<WouldAnswer, [Word, unknown]>('would');

export interface WouldAnswer {
  readonly legal: boolean;
  /** What would happen, or why not. */
  readonly message: string;
}

/** For workers that meet a digest for the first time. */
export const planQuery = defineQuery<Plan | null>('plan');
/** What a project has sent, for the next run of it; answers after the run ended, too. */
export const projectLedgerQuery = defineQuery<ProjectLedger>('ledger');
export const mediaLedgerQuery = defineQuery<MediaLedger>('ledger');

export interface ProjectLedger {
  readonly processing: EarlierRun['processing'];
  readonly combinations: EarlierRun['combinations'];
  /** Images whose workflow ran when the project ended: ask them, too. */
  readonly openMedia: readonly string[];
  readonly rerun: number;
}

/** From an image to its project: admitted on a host, or nothing left that needs one. */
export const stagedSchema = z.object({ mediaId: z.string(), host: z.string().optional() });
export type Staged = z.infer<typeof stagedSchema>;
export const stagedSignal = defineSignal<[Staged]>('staged');

/** From an image to its project: it lost its host and looks for another one. */
export const stagingSignal = defineSignal<[Staged]>('staging');

/** From a project to its images: "processing" was accepted, send the first analysis. */
export const beginSignal = defineSignal('begin');
/** Temporal may deliver a pause and a resume in another order than they were sent in: the latest word counts. */
export const pauseOrderSchema = z.object({ order: z.int() });
export type PauseOrder = z.infer<typeof pauseOrderSchema>;
export const pauseMediaSignal = defineSignal<[PauseOrder]>('pauseMedia');
export const resumeMediaSignal = defineSignal<[PauseOrder]>('resumeMedia');

/** Epoch ms, within what a date can be. */
const timeMs = z.number().min(0).max(8.64e15);

/** Analysis ids by media id. */
const accepted = z.record(z.string(), z.array(z.string()));

/**
 * From the io workers to a project, at most every few seconds: what was accepted meanwhile, and whether GoFlow keeps
 * it waiting. Only for show and for admission: what counts at the end is what the images return.
 */
export const newsSchema = z.object({
  accepted,
  /** Null: GoFlow answers again. Absent: nothing new. */
  waitingForGoflow: z.object({ sinceMs: timeMs, call: z.string(), reason: z.string() }).nullable().optional(),
});
export type News = z.infer<typeof newsSchema>;
export const newsSignal = defineSignal<[News]>('news');

/**
 * News that are only for show. A query leaves no event, where a signal costs four: with slow models, one per result.
 * What it brings is forgotten when the workflow is replayed, so nothing that a workflow does may depend on it.
 */
export const seenSchema = z.object({ accepted, atMs: timeMs });
export type Seen = z.infer<typeof seenSchema>;
export const seenQuery = defineQuery<null, [Seen]>('seen');
