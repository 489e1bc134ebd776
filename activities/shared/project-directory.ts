import type { MediaLedger } from '../../workflows/goflow/contracts/media.ts';
import type { News, ProjectLedger } from '../../workflows/goflow/contracts/messages.ts';
import type { Plan } from '../../workflows/goflow/contracts/plan.ts';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';

/** The port to Temporal as activities need it: who runs, what they know, and a word to them. */
export interface ProjectDirectory {
  /** Pausing the schedule does not stop a run that is already polling, so the run asks. */
  isIntakePaused(): Promise<boolean>;
  /** Running projects; the phase is missing where search attributes are. */
  openProjects(): Promise<readonly { readonly workflowId: string; readonly phase?: Phase }[]>;
  describe(workflowId: string): Promise<ProjectDescription | undefined>;
  /** The plan as the running project holds it; undefined while it has none, or when there is no such project. */
  plan(projectId: string): Promise<Plan | undefined>;
  /** What the last run before this one has sent; undefined when there was none that got as far as a plan. */
  earlierLedger(projectId: string, runId: string): Promise<EarlierLedger | undefined>;
  /** Undefined when the image never had a workflow. */
  mediaLedger(projectId: string, mediaId: string): Promise<MediaLedger | undefined>;
  /** News that change the phase become an event of its history, others do not. */
  tell(projectId: string, news: News): Promise<void>;
}

export interface EarlierLedger {
  readonly runId: string;
  readonly ledger: ProjectLedger;
}

export interface ProjectDescription {
  readonly isRunning: boolean;
  /** Temporal's name of the status: `COMPLETED`, `FAILED`, ... */
  readonly status: string;
  /** Which hand-out of the job this run answers. */
  readonly acquisitionId?: string;
}
