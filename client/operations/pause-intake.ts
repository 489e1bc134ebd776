import { askTemporal, type Temporal } from './ask-temporal.ts';
import { describeSchedule } from './find-intake.ts';

/**
 * Takes no more jobs; running projects go on. A run that polls looks for this before each poll.
 *
 * @param note for whoever looks at the schedule
 * @throws {NotFoundError}
 */
export async function pauseIntake(
  temporal: Temporal,
  { note }: { readonly note: string },
): Promise<{ readonly message: string }> {
  const { schedule } = await describeSchedule(temporal);
  await askTemporal(temporal, () => schedule.pause(note));
  return { message: 'intake is paused: no more jobs are taken, running projects go on' };
}
