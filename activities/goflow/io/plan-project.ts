import type { Logger } from 'pino';
import type { PlanProjectInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Definition } from '../../../workflows/goflow/contracts/analysis.ts';
import { combinationKey } from '../../../workflows/goflow/contracts/ids.ts';
import type { EarlierRun, Plan, PlannedAnalysis } from '../../../workflows/goflow/contracts/plan.ts';
import type { StoredAnswer } from '../../../workflows/goflow/contracts/media.ts';
import { Failure } from '../../shared/failure.ts';
import { digestOf } from '../../shared/plan-store.ts';
import type { ProjectDirectory } from '../../shared/project-directory.ts';

/** What the configuration says at the moment of planning. */
export interface PlanSource extends Pick<
  Plan,
  'configHash' | 'qa' | 'inferenceTimeoutMs' | 'failures' | 'reportType' | 'mediaInFlight'
> {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly unknownSlug: 'default' | 'fail';
  readonly systemPrompt: string;
  readonly continueAsNewAfterEvents?: number | undefined;
}

export interface PlanProjectDeps {
  readonly source: () => PlanSource;
  readonly directory: ProjectDirectory;
  readonly log: Logger;
}

/** Answers of an earlier run that may have arrived are carried by value up to here; beyond, they are made again. */
const maxCarriedBytes = 500_000;

/** Freezes what the project runs with, and finds out what an earlier run of it has sent (P2). */
export async function planProject({ source, directory, log }: PlanProjectDeps, input: PlanProjectInput): Promise<Plan> {
  const { job, runId } = input;
  const { definitions, unknownSlug, systemPrompt, continueAsNewAfterEvents, ...frozen } = source();
  const earlier = await readEarlierRun(directory, job.project.id, runId).catch((error: unknown) => {
    throw new Failure('PlanUnavailable', `what an earlier run sent cannot be read: ${String(error)}`, { cause: error });
  });
  // a forced re-run is a new story; a run after a failed re-run goes on with that one's story
  const rerun = Math.max(input.rerun, earlier?.rerun ?? 0);
  const analyses = job.analyses.map(({ id, slug, name }): PlannedAnalysis => {
    const definition = definitions.get(slug) ?? (unknownSlug === 'default' ? definitions.get('default') : undefined);
    if (definition?.slug !== slug) log.warn({ slug, used: definition?.slug }, 'no definition for this slug');
    return { id, slug, name, ...(definition && { definition }) };
  });
  const models = analyses.flatMap(({ definition }) => (definition ? [definition.model] : []));
  const plan: Omit<Plan, 'digest'> = {
    schema: 1,
    ...frozen,
    rerun,
    plannedAt: new Date().toISOString(),
    client: job.client,
    project: job.project,
    media: job.media,
    analyses,
    systemPrompts: Object.fromEntries(models.map((model) => [model, systemPrompt])),
    preferredVariant: preferredVariant(analyses),
    ...(continueAsNewAfterEvents !== undefined && { continueAsNewAfterEvents }),
    ...(earlier?.rerun === rerun && { earlier: earlier.run }),
  };
  return { ...plan, digest: digestOf(plan) };
}

/** The variant is chosen once per image (G17), so one analysis that wants colour decides for all. */
const preferredVariant = (analyses: readonly PlannedAnalysis[]) =>
  analyses.every(({ definition }) => definition?.image === 'greyscale') ? 'greyscale' : 'optimised';

async function readEarlierRun(directory: ProjectDirectory, projectId: string, runId: string) {
  const found = await directory.earlierLedger(projectId, runId);
  if (found === undefined) return undefined;
  const { processing, combinations, openMedia, rerun } = found.ledger;
  const known: EarlierRun['combinations'] = { ...combinations };
  let carriedBytes = 0;
  const affordable = (stored: StoredAnswer | undefined) => {
    carriedBytes += stored ? JSON.stringify(stored).length : 0;
    return stored && carriedBytes <= maxCarriedBytes ? { stored } : {};
  };
  for (const mediaId of openMedia) {
    const media = await directory.mediaLedger(projectId, mediaId);
    for (const analysisId of media?.accepted ?? [])
      known[combinationKey(mediaId, analysisId)] = { state: 'accepted', round: 1 };
    for (const { analysisId, round, mayHaveArrived, stored } of media?.open ?? [])
      known[combinationKey(mediaId, analysisId)] = {
        state: mayHaveArrived ? 'may-have-arrived' : 'refused',
        round,
        ...affordable(stored),
      };
  }
  return { rerun, run: { runId: found.runId, processing, combinations: known } satisfies EarlierRun };
}
