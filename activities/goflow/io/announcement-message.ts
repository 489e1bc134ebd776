import type { Announcement } from '../../../workflows/goflow/contracts/activities.ts';
import { sizeOfJob } from '../../../workflows/goflow/contracts/size-of-job.ts';
import type { Embed } from '../../shared/discord-embed.ts';
import type { Channel } from '../../shared/discord-gate.ts';

interface Message {
  readonly channel: Channel;
  readonly embed: Embed;
}

type Kind = Announcement['kind'];
type Facts = Readonly<Record<string, string | number>>;
type Writer<K extends Kind> = (what: Extract<Announcement, { kind: K }>) => Message;

const writers: { readonly [K in Kind]: Writer<K> } = {
  'job-acquired': (what) => ({
    channel: 'batch_manifest',
    embed: embedOf(what, 'success', 'Job acquired', [sizeOfJob(what.media, what.analyses)], {
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
      what.examples.length > 0 ? what.examples : ['Repaired or flagged; nothing failed for good.'],
      { 'answers that did not pass at first': what.count, ...standing(what) },
    ),
  }),
  'waiting-for-operator': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'warning', 'Waiting for an operator', [what.reason, `gf25 projects show ${what.projectId}`], {
      ...standing(what),
      failed: what.failed,
      combinations: what.combinations,
    }),
  }),
  'waiting-for-goflow': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'warning', 'Waiting for GoFlow', [`${what.call}: ${what.reason}`], {
      since: new Date(what.sinceMs).toISOString(),
      ...standing(what),
    }),
  }),
  'project-finished': (what) => {
    const { summary, details } = what.report.report;
    const { failures = {}, ...answers } = what.qa ?? {};
    return {
      channel: 'batch_report',
      embed: embedOf(what, 'success', 'Project completed', [summary], {
        ...standing(what),
        images: details.total_media_processed,
        analyses: details.total_analyses_completed,
        failed: details.failed.length,
        'success rate': percentOf(details.success_rate),
        'processing time': durationOf(details.processing_time_minutes * 60_000),
        ...perMinute(details.total_analyses_completed, details.processing_time_minutes),
        ...answers,
        ...Object.fromEntries(Object.entries(failures).map(([stage, count]) => [`QA: ${stage}`, count])),
      }),
    };
  },
  'project-ended': (what) => ({
    channel: 'batch_report',
    embed: embedOf(what, 'error', `Project ${what.how}`, [what.reason], standing(what)),
  }),
};

/** What an announcement says, to whom and in which colour. */
export const messageFor = (what: Announcement): Message => (writers[what.kind] as Writer<Kind>)(what);

/** Counts and duration, where the project told them. */
function standing({ progress }: Announcement): Facts {
  if (progress === undefined) return {};
  const { elapsedMs, combinations, done, failed } = progress;
  return { combinations, done, failed, duration: durationOf(elapsedMs) };
}

/** Rounded down to a tenth: what is not whole must not look like it. */
const percentOf = (share: number) => `${Math.floor(Number((share * 1_000).toFixed(3))) / 10} %`;

const perMinute = (done: number, minutes: number): Facts =>
  minutes > 0 ? { 'per minute': Math.round(done / minutes) } : {};

/** Such as `2 h 5 min`, `3 min 20 s` or `4 s`. */
function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function embedOf(
  { client, project, projectId }: Announcement,
  colour: Embed['colour'],
  title: string,
  lines: readonly string[],
  facts: Facts,
): Embed {
  const all: Facts = { client_slug: client, project_slug: project, project: projectId, ...facts };
  return {
    title,
    lines,
    colour,
    fields: Object.entries(all).map(([name, value]) => ({ name, value: String(value) })),
  };
}
