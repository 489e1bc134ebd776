import { activityInfo } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Announcement } from '../../../workflows/goflow/contracts/activities.ts';
import type { FailureCode } from '../../../workflows/shared/failures.ts';
import type { DiscordClient } from '../../shared/discord-client.ts';
import { Failure } from '../../shared/failure.ts';
import type { Metrics } from '../../shared/metrics.ts';
import { messageFor } from './announcement-message.ts';

export interface AnnounceDeps {
  readonly discord: DiscordClient;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Tells the operators: in the log always, on Discord where a webhook is configured. At least once, for a day. */
export async function announce({ discord, log, metrics }: AnnounceDeps, what: Announcement): Promise<void> {
  const { channel, embed } = messageFor(what);
  const facts = { projectId: what.projectId, announcement: what.kind, channel };
  if (activityInfo().attempt === 1) log.info(facts, embed.lines.join('; ') || embed.title);
  const count = (outcome: string) => metrics.announcements.inc({ channel, outcome });
  try {
    const posted = await discord.post(channel, embed);
    if (posted !== 'off') count(posted);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const outcome = outcomes[error.code];
    if (outcome !== undefined) count(outcome);
    if (error.code === 'NotificationRefused' || !isLastAttempt(error.retryDelayMs)) throw error;
    count('lost');
    log.error(facts, 'a notification could not be delivered for a day and is given up');
    throw new Failure('NotificationFailed', error.message, { isFinal: true });
  }
}

/** One that waits for its turn has not been tried. */
const outcomes: Partial<Record<FailureCode, string>> = {
  NotificationFailed: 'failed',
  NotificationRefused: 'refused',
};

/** Whether Temporal's patience ends before the next attempt. */
function isLastAttempt(retryDelayMs = 0): boolean {
  const { scheduledTimestampMs, scheduleToCloseTimeoutMs } = activityInfo();
  return scheduleToCloseTimeoutMs > 0 && Date.now() + retryDelayMs >= scheduledTimestampMs + scheduleToCloseTimeoutMs;
}
