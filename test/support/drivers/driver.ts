import type { Word } from '../../../workflows/goflow/contracts/messages.ts';
import type { Phase, Progress } from '../../../workflows/goflow/contracts/progress.ts';
import type { Job } from '../../stand-ins/goflow/job.ts';
import type { Site } from '../site.ts';

/** `done`, `missing`, or `refused: ` and the reason, in whatever words surround it. */
export type Outcome = string;

/** Which projects a word to many means. */
export interface Selection {
  /** Slug of the client. */
  readonly client: string;
  /** Undefined: every open one. */
  readonly phase?: Phase;
}

/** One way in which an operator can work. What it answers is brought to one form, what it does is not. */
export interface Driver {
  submit(job: Job): Promise<Outcome>;
  rerun(job: Job): Promise<Outcome>;
  say(word: Word, projectId: string, input: object): Promise<Outcome>;
  sayToAll(word: Word, selection: Selection, input: object): Promise<Outcome>;
  /** Ids of projects, sorted. */
  list(selection: Selection): Promise<string[]>;
  show(projectId: string): Promise<Pick<Progress, 'phase' | 'totals'>>;
  /** Follows a project to its end. Resolves with its last phase. */
  watch(projectId: string): Promise<Phase>;
  /** How many combinations were accepted, and how many failed. */
  report(projectId: string): Promise<{ readonly accepted: number; readonly failed: number }>;
  showIntake(): Promise<{ readonly paused: boolean; readonly note: string }>;
  pauseIntake(note: string): Promise<Outcome>;
  resumeIntake(): Promise<Outcome>;
  pollIntake(): Promise<Outcome>;
  /** Names of GPU hosts. */
  hosts(): Promise<string[]>;
  close(): Promise<void>;
}

export type OpenDriver = (site: Site) => Promise<Driver>;
