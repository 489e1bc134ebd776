import type { ProjectDescription, ProjectDirectory } from '../../activities/shared/project-directory.ts';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';

export interface KnownProjects {
  readonly isPaused?: boolean;
  /** As visibility lists them. */
  readonly open?: readonly { readonly workflowId: string; readonly phase?: Phase }[];
  /** As they are, whatever visibility says. */
  readonly described?: Readonly<Record<string, ProjectDescription>>;
}

/** What activities would hear from Temporal about projects. */
export function directoryOf({ isPaused = false, open = [], described = {} }: KnownProjects = {}): ProjectDirectory {
  return {
    isIntakePaused: async () => isPaused,
    openProjects: async () => open,
    describe: async (workflowId) => described[workflowId],
    plan: async () => undefined,
    earlierLedger: async () => undefined,
    mediaLedger: async () => undefined,
    tell: async () => undefined,
  };
}
