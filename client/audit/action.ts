import type { Word } from '../../workflows/goflow/contracts/messages.ts';
import type { ProjectFilter } from '../operations/project-filter.ts';

/** Everything that an operator can change. */
export type ActionVerb =
  `project.${Word | 'submit' | 'rerun'}` | `intake.${'pause' | 'resume' | 'poll'}` | 'config.reload';

/** What somebody wants to be done, and to what. */
export interface Action {
  readonly verb: ActionVerb;
  /** Absent where many are meant, or none. */
  readonly projectId?: string | undefined;
  /** Which projects are meant; each that was spoken to has a record of its own beside. */
  readonly filter?: ProjectFilter | undefined;
  /** What was said beside: which image or analysis, a reason, a note. */
  readonly input?: unknown;
}

/** Who wants it, and from where. */
export interface Actor {
  readonly via: 'cli' | 'api';
  /** The subject of a token, or the user of the operating system. */
  readonly who: string;
  /** Of a token. */
  readonly role?: string | undefined;
  /** The machine that the CLI ran on. */
  readonly host?: string;
  /** Joins what belongs to one request or command: its records, its log lines, and all of a project that it started. */
  readonly correlationId: string;
}

/** What became of it: said no to, or not done for another reason (which may mean that nobody knows). */
export interface ActionAnswer {
  readonly answer: 'accepted' | 'refused' | 'failed';
  /** Of the errors of the API, also in the CLI. */
  readonly code?: string;
  readonly message?: string;
  readonly result?: unknown;
}

/** One line of the audit; the time is that of its answer. */
export interface ActionRecord extends Actor, Action, ActionAnswer {
  readonly durationMs: number;
}
