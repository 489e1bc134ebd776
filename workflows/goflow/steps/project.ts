import type { Announcer } from './announce.ts';
import type { ProjectState } from './project-state.ts';
import type { Show } from './show.ts';

/** What the steps of a project share: what it knows, how it shows itself, how it speaks to operators. */
export interface Project {
  readonly state: ProjectState;
  readonly show: Show;
  readonly announce: Announcer;
}
