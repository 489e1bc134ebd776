import { z } from 'zod';
import { combinationKey } from '../../workflows/goflow/contracts/ids.ts';
import type { AnalysisItem, MediaItem } from '../../workflows/goflow/contracts/job.ts';
import {
  type Answer,
  answerSchema,
  outcomeSchema,
  type StagedImage,
  stagedImageSchema,
} from '../../workflows/goflow/contracts/media.ts';
import type { Plan } from '../../workflows/goflow/contracts/plan.ts';
import type { RunHistory } from '../operations/read-history.ts';
import type { CombinationResult, MediaResults } from './results.ts';

const combinationSchema = z.object({ mediaId: z.string(), analysisId: z.string() });
const analyzeInputSchema = combinationSchema.extend({ image: stagedImageSchema });
const analyzedSchema = z.object({ answer: answerSchema });
const mediaResultSchema = z.object({ outcomes: z.array(outcomeSchema) });

interface Failure {
  readonly mediaId: string;
  readonly analysisId: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What the histories of a project's images say, put together by combination. To be told in the order in which the runs
 * began: what came last wins, but nothing is more than accepted.
 */
export class Found {
  private readonly answers = new Map<string, Answer>();
  private readonly acceptedAtMs = new Map<string, number>();
  private readonly failures = new Map<string, Failure>();
  private readonly images = new Map<string, StagedImage>();

  addImageRun(mediaId: string, { completed, result }: RunHistory): void {
    for (const activity of completed) {
      if (activity.type === 'analyze') {
        const input = analyzeInputSchema.safeParse(activity.input()).data;
        const analyzed = analyzedSchema.safeParse(activity.result()).data;
        if (input) this.images.set(mediaId, input.image);
        if (input && analyzed) this.answers.set(combinationKey(mediaId, input.analysisId), analyzed.answer);
      } else if (activity.type === 'submitResult') {
        const sent = combinationSchema.safeParse(activity.input()).data;
        if (sent) this.acceptedAtMs.set(combinationKey(mediaId, sent.analysisId), activity.completedAtMs);
      }
    }
    for (const outcome of mediaResultSchema.safeParse(result).data?.outcomes ?? [])
      if (outcome.state === 'failed') this.addFailure({ mediaId, ...outcome });
  }

  addFailure(failure: Failure): void {
    this.failures.set(combinationKey(failure.mediaId, failure.analysisId), failure);
  }

  mediaResults(plan: Plan, media: MediaItem): MediaResults {
    const image = this.images.get(media.id);
    return {
      media,
      ...(image && { image }),
      combinations: plan.analyses.map((analysis) => this.combination(plan, media.id, analysis)),
    };
  }

  private combination(plan: Plan, mediaId: string, { id, name, slug }: AnalysisItem): CombinationResult {
    const key = combinationKey(mediaId, id);
    const answer = this.answers.get(key);
    const base = { analysis: { id, name, slug }, ...(answer && { answer }) };
    const acceptedAtMs = this.acceptedAtMs.get(key);
    if (acceptedAtMs !== undefined) return { ...base, state: 'accepted', acceptedAtMs };
    // a run before this one whose history is gone
    if (plan.earlier?.combinations[key]?.state === 'accepted') return { ...base, state: 'accepted' };
    const failure = this.failures.get(key);
    if (failure === undefined) return { ...base, state: 'pending' };
    return { ...base, state: 'failed', failure: { code: failure.code, message: failure.message } };
  }
}
