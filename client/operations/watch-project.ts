import { setTimeout as delay } from 'node:timers/promises';
import { closedPhases } from '../../workflows/goflow/contracts/progress.ts';
import type { Temporal } from './ask-temporal.ts';
import { isOpen } from './describe-project.ts';
import { queryOpenProgress } from './query-progress.ts';
import { type ProjectView, showProject, withProgress } from './show-project.ts';

const lookEveryMs = 1_000;

/**
 * A project now and after every change, until it is over. A time without an orchestrator is a change like any other.
 *
 * @param signal ends it at the next change
 * @throws {NotFoundError} {TemporalUnreachableError} also in the middle
 */
export async function* watchProject(
  temporal: Temporal,
  { id, signal }: { readonly id: string; readonly signal?: AbortSignal },
): AsyncGenerator<ProjectView, void> {
  let view = await showProject(temporal, { id });
  for (let last = ''; ;) {
    const text = JSON.stringify(view);
    if (text !== last) yield view;
    if (isOver(view)) return;
    last = text;
    await delay(lookEveryMs, undefined, signal && { signal }).catch(() => undefined);
    if (signal?.aborted) return;
    view = await lookAgain(temporal, view);
  }
}

/** As long as a run is open, nothing changes but what it says. */
async function lookAgain(temporal: Temporal, { project }: ProjectView): Promise<ProjectView> {
  const answer = await queryOpenProgress(temporal, project);
  return answer ? withProgress(temporal, { project }, answer) : showProject(temporal, { id: project.projectId });
}

/** A workflow may still deliver its last notifications when its project is over. */
const isOver = ({ project }: Pick<ProjectView, 'project'>) =>
  !isOpen(project) || (project.phase !== undefined && closedPhases.includes(project.phase));
