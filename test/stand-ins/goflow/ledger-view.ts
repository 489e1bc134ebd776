import { combinationCount, type Accepted, type LedgerState, type Project, type Run } from './ledger-state.ts';

/** One run of a project, readable as JSON. */
interface RunView {
  readonly processing: Accepted | undefined;
  readonly completed: Accepted | undefined;
  readonly report: Accepted | undefined;
  /** By `<mediaId>:<analysisId>`. */
  readonly results: Readonly<Record<string, Accepted>>;
}

interface ProjectView extends RunView {
  readonly projectId: string;
  readonly expectComplete: boolean;
  /** Forced re-runs by their number. */
  readonly reruns: Readonly<Record<string, RunView>>;
}

export interface LedgerView {
  /** Every accepted call that had a key. */
  readonly accepted: Readonly<Record<string, Accepted>>;
  readonly projects: Readonly<Record<string, ProjectView>>;
}

/** How far a project is, in its latest run. */
export interface ProjectSummary {
  readonly projectId: string;
  readonly slug: string | undefined;
  readonly media: number;
  readonly analyses: number;
  readonly combinations: number;
  /** 0: the ordinary run. */
  readonly rerun: number;
  readonly processing: boolean;
  /** Combinations with an accepted result. */
  readonly accepted: number;
  readonly completed: boolean;
  readonly reported: boolean;
}

export function viewLedger(state: LedgerState): LedgerView {
  const projects = [...state.projects].map(
    ([projectId, project]) => [projectId, viewProject(projectId, project)] as const,
  );
  const accepted = [...state.projects.values()]
    .flatMap((project) => [...project.runs.values()])
    .flatMap((run) => [run.processing, ...run.results.values(), run.completed, run.report])
    .flatMap((call) => (call?.idempotencyKey === undefined ? [] : [[call.idempotencyKey, call] as const]));
  return { accepted: Object.fromEntries(accepted), projects: Object.fromEntries(projects) };
}

function viewProject(projectId: string, project: Project): ProjectView {
  const reruns = [...project.runs]
    .filter(([number]) => number > 0)
    .map(([number, run]) => [number, viewRun(run)] as const);
  return {
    projectId,
    expectComplete: project.expectComplete,
    ...viewRun(project.runs.get(0)),
    reruns: Object.fromEntries(reruns),
  };
}

function viewRun(run: Run | undefined): RunView {
  return {
    processing: run?.processing,
    completed: run?.completed,
    report: run?.report,
    results: Object.fromEntries(run?.results ?? []),
  };
}

export function summarise(projectId: string, project: Project): ProjectSummary {
  const rerun = Math.max(0, ...project.runs.keys());
  const run = project.runs.get(rerun);
  return {
    projectId,
    slug: project.job.project.slug,
    media: project.job.media.length,
    analyses: project.job.analyses.length,
    combinations: combinationCount(project),
    rerun,
    processing: run?.processing !== undefined,
    accepted: run?.results.size ?? 0,
    completed: run?.completed !== undefined,
    reported: run?.report !== undefined,
  };
}
