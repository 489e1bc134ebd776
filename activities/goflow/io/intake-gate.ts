import { closedPhases, type Phase, phasesThatUseGpus } from '../../../workflows/goflow/contracts/progress.ts';
import { Failure } from '../../shared/failure.ts';
import type { ProjectDirectory } from '../../shared/project-directory.ts';

export interface IntakeLimits {
  readonly pollIntervalMs: number;
  readonly maxConcurrentProjects: number;
  readonly maxOpenProjects: number;
}

/**
 * Whether another job may be asked for.
 *
 * @param startedIds workflow ids that this intake run has just started: visibility lags behind, so they are asked by name
 * @throws {Failure} `IntakePaused` or `NoCapacity`: benign, looked at again at the next poll
 */
export async function passIntakeGate(
  directory: ProjectDirectory,
  limits: IntakeLimits,
  startedIds: readonly string[],
): Promise<void> {
  const closed = (code: 'NoCapacity' | 'IntakePaused', message: string) =>
    new Failure(code, message, { retryDelayMs: limits.pollIntervalMs });
  if (await directory.isIntakePaused()) throw closed('IntakePaused', 'intake is paused');

  const listed = await directory.openProjects();
  const known = new Set(listed.map(({ workflowId }) => workflowId));
  const unlisted = startedIds.filter((id) => !known.has(id));
  const running = await Promise.all(unlisted.map(async (id) => (await directory.describe(id))?.isRunning === true));
  const justStarted = running.filter(Boolean).length;

  const open = listed.filter(({ phase }) => !closedPhases.includes(phaseOrWorking(phase))).length + justStarted;
  const working = listed.filter(({ phase }) => phasesThatUseGpus.includes(phaseOrWorking(phase))).length + justStarted;
  if (open >= limits.maxOpenProjects) throw closed('NoCapacity', `${open} projects are open`);
  if (working >= limits.maxConcurrentProjects) throw closed('NoCapacity', `${working} projects use the GPUs`);
}

/** Without search attributes the phase is unknown: such a project counts as working. */
const phaseOrWorking = (phase: Phase | undefined): Phase => phase ?? 'processing';
