import type { Temporal } from './ask-temporal.ts';
import { describeSchedule, findRuns, type IntakeRun } from './find-intake.ts';

export interface IntakeView {
  readonly paused: boolean;
  readonly note: string | undefined;
  /** When the schedule looks again whether a run polls, ISO 8601 in UTC. Absent while it is paused. */
  readonly nextRun: string | undefined;
  readonly polling: boolean;
  readonly runs: readonly IntakeRun[];
}

/** @throws {NotFoundError} */
export async function showIntake(temporal: Temporal): Promise<IntakeView> {
  const { description } = await describeSchedule(temporal);
  const { paused, note } = description.state;
  const runs = await findRuns(temporal);
  const nextRun = paused ? undefined : description.info.nextActionTimes[0]?.toISOString();
  return { paused, note, nextRun, polling: !paused && runs.length > 0, runs };
}
