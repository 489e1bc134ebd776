import { digestOf } from '../../activities/shared/plan-store.ts';
import type { Definition } from '../../workflows/goflow/contracts/analysis.ts';
import type { StoredAnswer } from '../../workflows/goflow/contracts/media.ts';
import { rulesSchema } from '../../workflows/goflow/contracts/qa-rules.ts';
import type { EarlierRun, Plan } from '../../workflows/goflow/contracts/plan.ts';
import { buildJob, type BuildJobOptions, type Job } from '../stand-ins/goflow/job.ts';

/** A small definition; what a test is about it sets itself. */
export function definitionOf(overrides: Partial<Definition> = {}): Definition {
  return {
    slug: 'object-detection',
    version: '1',
    model: 'a-model',
    coordinates: 'pixels',
    prompt: 'Find things for {{analysis_name}}.\n{{fields}}',
    image: 'any',
    requiresColour: false,
    sampling: { temperature: 0, seed: 25, maxTokens: 500 },
    fields: { summary: { type: 'string', maxLength: 200 } },
    ...overrides,
  };
}

export interface PlanOptions extends Partial<BuildJobOptions> {
  readonly job?: Job;
  readonly earlier?: Partial<EarlierRun>;
  readonly rerun?: number;
  /** Slugs without a definition. */
  readonly unknown?: readonly string[];
  readonly definition?: Partial<Definition>;
  readonly failures?: Plan['failures'];
  readonly qa?: Plan['qa'];
}

/** A plan for a job of the GoFlow stand-in, as `planProject` would make it. */
export function planOf(options: PlanOptions = {}): Plan {
  const { images = 2, analyses = 3, earlier, unknown = [] } = options;
  const job = options.job ?? buildJob({ ...options, images, analyses });
  const plan: Omit<Plan, 'digest'> = {
    schema: 1,
    configHash: 'hash of the configuration',
    rerun: options.rerun ?? 0,
    plannedAt: '2026-11-20T10:00:00.000Z',
    client: job.client,
    project: job.project,
    media: job.media,
    analyses: job.analyses.map(({ id, slug, name }) => ({
      id,
      slug,
      name,
      ...(!unknown.includes(slug) && { definition: definitionOf({ slug, ...options.definition }) }),
    })),
    systemPrompts: { 'a-model': 'You look at images.' },
    preferredVariant: 'optimised',
    qa: options.qa ?? {
      maxRepairs: 2,
      budgetSeconds: 10,
      fields: { transcript: [], label: [] },
      rules: rulesSchema.parse({
        structural: [
          { rule: 'finish_stop', on_fail: 'retry-longer' },
          { rule: 'json_parse', on_fail: 'reask' },
          { rule: 'schema', on_fail: 'reask', params: { max_issues: 10 } },
        ],
        content: [{ rule: 'refusal', on_fail: 'reask-fresh', params: { patterns: ["\\bI can't\\b"] } }],
        domain: [{ rule: 'box_in_image', on_fail: 'fix', params: { clamp_px: 8 } }],
      }),
    },
    inferenceTimeoutMs: 5_000,
    failures: options.failures ?? { policy: 'hold', maxFailedShare: 0.02 },
    reportType: 'quality_analysis',
    mediaInFlight: 12,
    ...(earlier && { earlier: { runId: 'earlier', processing: 'accepted', combinations: {}, ...earlier } }),
  };
  return { ...plan, digest: digestOf(plan) };
}

export const storedAnswer = (text = 'a room', model = 'a-model'): StoredAnswer => ({
  modelUsed: model,
  model,
  userPromptUsed: 'What is it?',
  analysisResult: { summary: text, processing_time_seconds: 1 },
});
