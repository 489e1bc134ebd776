import { ScheduleOverlapPolicy } from '@temporalio/client';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { describeSchedule } from './find-intake.ts';

/**
 * Takes jobs again, at once.
 *
 * @param note for whoever looks at the schedule
 * @throws {NotFoundError}
 */
export async function resumeIntake(
  temporal: Temporal,
  { note }: { readonly note: string },
): Promise<{ readonly message: string }> {
  const { schedule } = await describeSchedule(temporal);
  await askTemporal(temporal, async () => {
    await schedule.unpause(note);
    // the server skips it while a run is open: that one goes on polling by itself
    await schedule.trigger(ScheduleOverlapPolicy.SKIP);
  });
  return { message: 'intake is resumed: jobs are taken again' };
}
