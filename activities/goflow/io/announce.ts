import { activityInfo } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Announcement } from '../../../workflows/goflow/contracts/activities.ts';
import type { Channel, DiscordClient, Embed } from '../../shared/discord-client.ts';
import { Failure } from '../../shared/failure.ts';
import type { Metrics } from '../../shared/metrics.ts';

export interface AnnounceDeps {
  readonly discord: DiscordClient;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Tells the operators: in the log always, on Discord where a webhook is configured. */
export async function announce({ discord, log, metrics }: AnnounceDeps, what: Announcement): Promise<void> {
  const { attempt } = activityInfo();
  const { channel, embed } = messageFor(what);
  if (attempt === 1) log.info({ projectId: what.projectId, announcement: what.kind }, embed.description || embed.title);
  if (!discord.isOn(channel)) return;
  try {
    await discord.post(channel, embed);
    metrics.announcements.inc({ channel, outcome: 'delivered' });
  } catch (error) {
    metrics.announcements.inc({ channel, outcome: 'failed' });
    if (error instanceof Failure && error.code === 'NotificationFailed')
      throw new Failure(error.code, error.message, {
        retryDelayMs: Math.max(error.retryDelayMs ?? 0, backoffMs(attempt)),
      });
    throw error;
  }
}

/** 2 s, doubled up to 15 min. */
const backoffMs = (attempt: number) => Math.min(2_000 * 2 ** (attempt - 1), 900_000);

type Kind = Announcement['kind'];
type Writer<K extends Kind> = (what: Extract<Announcement, { kind: K }>) => { channel: Channel; embed: Embed };

const writers: { readonly [K in Kind]: Writer<K> } = {
  'job-acquired': (what) => ({
    channel: 'batch_manifest',
    embed: embedOf(what, 'success', 'Job acquired', `${what.media} images x ${what.analyses} analyses`, {
      images: what.media,
      analyses: what.analyses,
      combinations: what.media * what.analyses,
    }),
  }),
  'qa-failures': (what) => ({
    channel: `qa_${what.stage}`,
    embed: embedOf(
      what,
      'warning',
      `QA: ${what.stage}`,
      what.examples.join('\n') || 'Repaired or flagged; nothing failed for good.',
      {
        'answers that did not pass at first': what.count,
      },
    ),
  }),
  'waiting-for-operator': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'warning', 'Waiting for an operator', what.reason, {
      failed: what.failed,
      combinations: what.combinations,
    }),
  }),
  'waiting-for-goflow': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'warning', 'Waiting for GoFlow', `${what.call}: ${what.reason}`, {
      since: new Date(what.sinceMs).toISOString(),
    }),
  }),
  'project-finished': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'success', 'Project completed', what.report.report.summary, {
      images: what.report.report.details.total_media_processed,
      analyses: what.report.report.details.total_analyses_completed,
      failed: what.report.report.details.failed.length,
      'success rate': what.report.report.details.success_rate,
      minutes: what.report.report.details.processing_time_minutes,
    }),
  }),
  'project-ended': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'error', `Project ${what.how}`, what.reason, {}),
  }),
};

const messageFor = (what: Announcement) => (writers[what.kind] as Writer<Kind>)(what);

function embedOf(
  { client, project, projectId }: Announcement,
  colour: Embed['colour'],
  title: string,
  description: string,
  facts: Readonly<Record<string, string | number>>,
): Embed {
  const all: Record<string, string | number> = {
    client_slug: client,
    project_slug: project,
    project: projectId,
    ...facts,
  };
  return {
    title,
    description,
    colour,
    fields: Object.entries(all).map(([name, value]) => ({ name, value: String(value) })),
  };
}
