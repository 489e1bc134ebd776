import type { Temporal } from './ask-temporal.ts';
import { type IntakeSwitch, switchIntake } from './switch-intake.ts';

/**
 * Takes jobs again, at once.
 *
 * @throws {InvalidInputError} {NotFoundError} {RefusedError}
 */
export async function resumeIntake(
  temporal: Temporal,
  { note }: Pick<IntakeSwitch, 'note'>,
): Promise<{ readonly message: string }> {
  await switchIntake(temporal, { paused: false, note });
  return { message: 'intake is resumed: jobs are taken again' };
}
