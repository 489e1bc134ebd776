import type { Word } from '../../../workflows/goflow/contracts/messages.ts';
import type { HostsView } from '../list-hosts.ts';
import type { ProjectView } from '../show-project.ts';
import type { PendingWork } from './pending-work.ts';

/** Everything that a diagnosis is made of: no call to Temporal is needed beyond it. */
export interface Evidence {
  readonly nowMs: number;
  readonly namespace: string;
  readonly view: ProjectView;
  /** The project first, then its images that run. Empty when it is over. */
  readonly work: readonly PendingWork[];
  /** Why the last workflow task failed; undefined when it did not, or none is pending. */
  readonly taskFailure: string | undefined;
  /** Words that the project would obey now. */
  readonly legal: readonly LegalWord[];
  /** Whether a worker polls the queue. */
  readonly polled: { readonly workflows: boolean; readonly io: boolean };
  readonly hosts: Pick<HostsView, 'shared' | 'hosts'>;
}

export interface LegalWord {
  readonly word: Word;
  readonly input: Readonly<Record<string, string>>;
  /** What it would do. */
  readonly message: string;
}
