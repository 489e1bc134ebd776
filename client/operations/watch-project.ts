import { setTimeout as delay } from 'node:timers/promises';
import { closedPhases } from '../../workflows/goflow/contracts/progress.ts';
import type { Temporal } from './ask-temporal.ts';
import { isOpen } from './describe-project.ts';
import { type ProjectView, showProject } from './show-project.ts';

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
  for (let last = ''; ;) {
    const view = await showProject(temporal, { id });
    const text = JSON.stringify(view);
    if (text !== last) yield view;
    if (isOver(view)) return;
    last = text;
    await delay(lookEveryMs, undefined, signal && { signal }).catch(() => undefined);
    if (signal?.aborted) return;
  }
}

/** A workflow may still deliver its last notifications when its project is over. */
const isOver = ({ project }: Pick<ProjectView, 'project'>) =>
  !isOpen(project) || (project.phase !== undefined && closedPhases.includes(project.phase));
