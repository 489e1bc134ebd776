import './workflow-context.ts';
import { newlyRunning, ProjectState, type RunningMedia } from '../../workflows/goflow/steps/project-state.ts';
import type { Plan } from '../../workflows/goflow/contracts/plan.ts';
import { planOf } from './plans.ts';

/** When the projects of these tests began, epoch ms. */
export const startedAtMs = Date.UTC(2026, 10, 20, 10);

/** A project as its workflow sees it, before it has a plan. */
export function newProject(plan: Plan = planOf()): ProjectState {
  const { client, project, media, analyses } = plan;
  const job = { client, project, media, analyses: analyses.map(({ id, slug, name }) => ({ id, slug, name })) };
  return new ProjectState({ job, rerun: 0, searchAttributes: true }, job, startedAtMs);
}

/** A project that has its plan. */
export function plannedProject(plan: Plan = planOf()): ProjectState {
  const state = newProject(plan);
  state.adoptPlan(plan);
  return state;
}

/** Starts the workflow of an image, without Temporal. */
export function startMedia(state: ProjectState, mediaId: string, changes: Partial<RunningMedia> = {}): RunningMedia {
  const media = { ...newlyRunning(state.paused), ...changes };
  state.combinations.start(mediaId);
  state.running.set(mediaId, media);
  return media;
}

/** The image's workflow ends: so many combinations are done, the others failed. */
export function endMedia(state: ProjectState, mediaId: string, done = 0, message = 'no answer passed QA'): void {
  const tasks = state.combinations.runningTasks(mediaId);
  const outcomes = tasks.map(({ analysisId }, index) =>
    index < done
      ? ({ state: 'done', analysisId, how: 'accepted', notApplicable: false } as const)
      : ({ ...failed, analysisId, message } as const),
  );
  state.combinations.finish(mediaId, { outcomes, labels: {}, qaFailures: {} });
  state.running.delete(mediaId);
}

const failed = {
  state: 'failed',
  code: 'QaRejected',
  round: 1,
  sent: false,
  mayHaveArrived: false,
  resent: false,
} as const;
