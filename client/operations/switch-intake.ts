import { randomUUID } from 'node:crypto';
import { scheduleId } from '../../workflows/goflow/contracts/ids.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import { InvalidInputError, RefusedError } from './errors.ts';
import { describeSchedule } from './find-intake.ts';

const attempts = 5;
/** temporal.api.enums.v1.ScheduleOverlapPolicy SKIP: a run that is open goes on polling by itself */
const pollUnlessPolling = { overlapPolicy: 1 as never };

export interface IntakeSwitch {
  readonly paused: boolean;
  /** For whoever looks at the schedule. */
  readonly note: string;
}

/**
 * Pauses the schedule, or resumes it and polls, and looks whether it is so. Temporal's scheduler keeps one patch: of two
 * that reach it at the same moment the first is lost without a word, whoever sent them (seen with server 1.31).
 *
 * @throws {InvalidInputError} without a note
 * @throws {NotFoundError} no worker has ever made the schedule
 * @throws {RefusedError} something else has the last word each time
 */
export async function switchIntake(temporal: Temporal, { paused, note }: IntakeSwitch): Promise<void> {
  if (note === '')
    throw new InvalidInputError('the note is empty', ['note: must not be empty'], 'Say why, or leave it out.');
  const { client, namespace } = temporal;
  const patch = paused ? { pause: note } : { unpause: note, triggerImmediately: pollUnlessPolling };
  await describeSchedule(temporal);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const request = { namespace, scheduleId, identity: client.options.identity, requestId: randomUUID(), patch };
    await askTemporal(temporal, () => client.workflowService.patchSchedule(request));
    const { description } = await describeSchedule(temporal);
    if (description.state.paused === paused) return;
  }
  throw new RefusedError(
    `the schedule is still ${paused ? 'not ' : ''}paused: something else switches it at the same time`,
    'See who does, and try again: gf25 intake show',
  );
}
