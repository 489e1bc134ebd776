import type { Temporal } from './ask-temporal.ts';
import { type IntakeSwitch, switchIntake } from './switch-intake.ts';

/**
 * Takes no more jobs; running projects go on. A run that polls looks for this before each poll.
 *
 * @throws {InvalidInputError} {NotFoundError} {RefusedError}
 */
export async function pauseIntake(
  temporal: Temporal,
  { note }: Pick<IntakeSwitch, 'note'>,
): Promise<{ readonly message: string }> {
  await switchIntake(temporal, { paused: true, note });
  return { message: 'intake is paused: no more jobs are taken, running projects go on' };
}
