import type { Info } from '@temporalio/activity';
import { vi } from 'vitest';
import { analyze, type AnalyzeDeps } from '../../../../activities/goflow/gpu/analyze.ts';
import { placeKey, stagedImageOf } from '../../../../activities/goflow/gpu/places.ts';
import type { Images } from '../../../../activities/images/images.ts';
import { createPlanStore } from '../../../../activities/shared/plan-store.ts';
import type { ImageForModel } from '../../../../activities/vision/provider.ts';
import type { AnalyzeInput } from '../../../../workflows/goflow/contracts/activities.ts';
import type { Plan } from '../../../../workflows/goflow/contracts/plan.ts';
import { recordingAttempts, startActivity } from '../../../support/activity.ts';
import { directoryOf } from '../../../support/directories.ts';
import { planOf, type PlanOptions } from '../../../support/plans.ts';
import { imageForModel } from '../../vision/inferences.ts';
import { gpuHost, type GpuHost, type GpuHostOptions } from './hosts.ts';

export interface AnalysisOptions extends GpuHostOptions {
  readonly plan?: PlanOptions;
  readonly variant?: ImageForModel['variant'];
  /** Not staged, but still in the cache of images, or nowhere. */
  readonly where?: 'staged' | 'cached' | 'nowhere';
  readonly inferenceTimeoutMs?: number;
}

export interface Analysis extends GpuHost {
  readonly plan: Plan;
  readonly key: string;
  readonly input: AnalyzeInput;
  readonly recall: Images['recall'];
  /** What Temporal was told to keep for the next attempt. */
  readonly records: readonly unknown[];
  /** Runs `analyze` as an activity. */
  start(
    input?: Partial<AnalyzeInput>,
    info?: Partial<Info>,
  ): ReturnType<typeof startActivity<Awaited<ReturnType<typeof analyze>>>>;
}

/** An image on a host, and a plan with analyses of it. */
export async function analysisOn(options: AnalysisOptions = {}): Promise<Analysis> {
  const gpu = await gpuHost(options);
  const made = planOf({ images: 1, analyses: 3, ...options.plan });
  const plan: Plan = { ...made, inferenceTimeoutMs: options.inferenceTimeoutMs ?? made.inferenceTimeoutMs };
  const image = { ...(await imageForModel()), variant: options.variant ?? ('optimised' as const) };
  const { where = 'staged' } = options;
  const [mediaId = '', analysisId = ''] = [plan.media[0]?.id, plan.analyses[0]?.id];
  const key = placeKey(plan.project.id, mediaId);
  if (where === 'staged') gpu.host.places.take(key, image);
  const recall = vi.fn(async () => (where === 'cached' ? image : undefined));
  const { records, recordAttempt } = recordingAttempts();
  const deps: AnalyzeDeps = {
    host: gpu.host,
    images: { recall, prepare: () => Promise.reject(new Error('nobody asked for that')) },
    // the digest of a plan is looked at by the store's own tests
    plans: { ...createPlanStore(directoryOf()), get: async () => plan },
    recordAttempt,
    inferenceAttempts: 3,
    metrics: gpu.metrics,
  };
  const ref = { projectId: plan.project.id, digest: plan.digest };
  const input: AnalyzeInput = { plan: ref, mediaId, analysisId, round: 1, image: stagedImageOf(image), toCome: 0 };
  return {
    ...{ ...gpu, plan, key, input, recall, records },
    start: (more = {}, info = {}) => startActivity(() => analyze(deps, { ...input, ...more }), info),
  };
}
