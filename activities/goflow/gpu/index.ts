import type { HostActivities, StagingActivities } from '../../../workflows/goflow/contracts/activities.ts';
import { type ActivityBasics, asActivity } from '../../shared/activity.ts';
import { analyze, type AnalyzeDeps } from './analyze.ts';
import { releaseImage } from './release-image.ts';
import { stageImage, type StageImageDeps } from './stage-image.ts';

export type GpuDeps = ActivityBasics & AnalyzeDeps & StageImageDeps;

/** What this host does on the queue that all hosts share. */
export const createStagingActivities = (deps: GpuDeps): StagingActivities => ({
  stageImage: asActivity(deps, (input) => stageImage(deps, input)),
});

/** What this host does on its own queue. */
export const createHostActivities = (deps: GpuDeps): HostActivities => ({
  analyze: asActivity(deps, (input) => analyze(deps, input)),
  releaseImage: asActivity(deps, (input) => releaseImage(deps, input)),
});
