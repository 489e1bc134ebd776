import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { announce } from '../../../../activities/goflow/io/announce.ts';
import { channels, createDiscordClient, type Channel } from '../../../../activities/shared/discord-client.ts';
import type { Failure } from '../../../../activities/shared/failure.ts';
import { createHttp } from '../../../../activities/shared/http.ts';
import { createMetrics } from '../../../../activities/shared/metrics.ts';
import type { Announcement } from '../../../../workflows/goflow/contracts/activities.ts';
import type { Report } from '../../../../workflows/goflow/contracts/report.ts';
import { type DiscordStandIn, startDiscordStandIn } from '../../../stand-ins/discord/stand-in.ts';
import { failureOf, inActivity } from '../../../support/activity.ts';
import { recordingLog } from '../../../support/recording-log.ts';

let discord: DiscordStandIn;

beforeEach(async () => {
  discord = await startDiscordStandIn({ webhooks: channels, rateLimit: { calls: 100, windowMs: 1_000 } });
  onTestFinished(() => discord.close());
});

function announcer(on: readonly Channel[] = channels) {
  const http = createHttp({ connectTimeoutMs: 500, connections: 4 });
  onTestFinished(() => http.close());
  const metrics = createMetrics();
  const recorded = recordingLog();
  const webhooks = Object.fromEntries(on.map((channel) => [channel, discord.webhookUrl(channel)]));
  const deps = { discord: createDiscordClient(webhooks, http), log: recorded.log, metrics };
  const tell = (what: Announcement, attempt = 1) => inActivity(() => announce(deps, what), { attempt });
  return { tell, metrics, recorded };
}

const about = { projectId: 'p-1', client: 'acme', project: 'catalogue' };
const report: Report = {
  type: 'quality_analysis',
  report: {
    summary: 'Catalogue: 9 of 10 analyses completed on 2 of 2 images.',
    details: {
      total_media_processed: 2,
      total_analyses_completed: 9,
      processing_time_minutes: 1.5,
      success_rate: 0.9,
      analysis_types_completed: ['object-detection'],
      key_findings: [],
      failed: [{ media_id: 'm', analysis_id: 'a', code: 'QaRejected', message: 'no' }],
    },
  },
};

const green = 0x00ff00;
const amber = 0xffaa00;
const red = 0xff0000;

const kinds: [string, Announcement, Channel, number, Readonly<Record<string, string>>][] = [
  [
    'a job that was acquired',
    { ...about, kind: 'job-acquired', media: 3, analyses: 5 },
    'batch_manifest',
    green,
    { images: '3', analyses: '5', combinations: '15' },
  ],
  ...(['structural', 'content', 'domain'] as const).map((stage): (typeof kinds)[number] => [
    `failures of the ${stage} stage`,
    { ...about, kind: 'qa-failures', stage, count: 40, examples: ['m / a: no JSON'] },
    `qa_${stage}`,
    amber,
    { 'answers that did not pass at first': '40' },
  ]),
  [
    'a project that waits for an operator',
    { ...about, kind: 'waiting-for-operator', reason: '2 failed: retry', failed: 2, combinations: 10 },
    'batch_report',
    amber,
    { failed: '2', combinations: '10' },
  ],
  [
    'a project that waits for GoFlow',
    { ...about, kind: 'waiting-for-goflow', sinceMs: Date.UTC(2026, 10, 20), call: 'report', reason: '503' },
    'batch_report',
    amber,
    { since: '2026-11-20T00:00:00.000Z' },
  ],
  [
    'a project that completed',
    { ...about, kind: 'project-finished', report },
    'batch_report',
    green,
    { images: '2', analyses: '9', failed: '1', 'success rate': '0.9', minutes: '1.5' },
  ],
  [
    'a project that was cancelled',
    { ...about, kind: 'project-ended', how: 'cancelled', reason: 'wrong job' },
    'batch_report',
    red,
    {},
  ],
  [
    'a project that failed',
    { ...about, kind: 'project-ended', how: 'failed', reason: 'MalformedJob' },
    'batch_report',
    red,
    {},
  ],
];

interface SeenEmbed {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly fields: readonly { name: string; value: string }[];
}

const embedsOf = (channel?: Channel) =>
  discord.messages(channel).flatMap(({ embeds }) => embeds as unknown as SeenEmbed[]);

describe('it tells of', () => {
  test.each(kinds)('%s, on its channel and in its colour', async (_, what, channel, colour, facts) => {
    const { tell, metrics } = announcer();
    await tell(what);
    expect(discord.messages()).toHaveLength(1);
    const [embed] = embedsOf(channel);
    expect(embed?.color).toBe(colour);
    expect(embed?.title).not.toBe('');
    const fields = Object.fromEntries((embed?.fields ?? []).map(({ name, value }) => [name, value]));
    expect(fields).toEqual({ client_slug: 'acme', project_slug: 'catalogue', project: 'p-1', ...facts });
    expect((await metrics.announcements.get()).values).toMatchObject([{ labels: { channel, outcome: 'delivered' } }]);
  });

  test('a project, without pinging anybody that a text names', async () => {
    const { tell } = announcer();
    await tell({ ...about, kind: 'project-ended', how: 'failed', reason: '@everyone look' });
    expect(discord.calls()[0]?.requestBody).toMatchObject({ allowed_mentions: { parse: [] } });
  });
});

describe("Discord's limits", () => {
  const long = 'x'.repeat(10_000);

  test.each<[string, Announcement]>([
    ['a long reason', { ...about, kind: 'project-ended', how: 'failed', reason: long }],
    ['long names', { projectId: long, client: long, project: long, kind: 'job-acquired', media: 1, analyses: 1 }],
    [
      'long examples',
      { ...about, kind: 'qa-failures', stage: 'domain', count: 5, examples: Array.from({ length: 5 }, () => long) },
    ],
    ['no examples', { ...about, kind: 'qa-failures', stage: 'domain', count: 5, examples: [] }],
    ['empty names', { ...about, client: '', project: '', kind: 'job-acquired', media: 1, analyses: 1 }],
    ['text of other scripts', { ...about, kind: 'project-ended', how: 'failed', reason: '猫🐈'.repeat(3_000) }],
    [
      'a report with a long summary',
      {
        ...about,
        kind: 'project-finished',
        report: { ...report, report: { ...report.report, summary: long } },
      },
    ],
  ])('are kept with %s', async (_, what) => {
    await announcer().tell(what);
    expect(discord.calls()).toMatchObject([{ status: 204 }]);
  });
});

describe('a channel without a webhook', () => {
  test('is off, and the log still says what happened', async () => {
    const { tell, recorded } = announcer(['batch_report']);
    await tell({ ...about, kind: 'job-acquired', media: 3, analyses: 5 });
    expect(discord.calls()).toEqual([]);
    expect(recorded.lines()).toMatchObject([{ level: 'info', projectId: 'p-1', announcement: 'job-acquired' }]);
  });
});

test('the log says it once, however many attempts the message takes', async () => {
  const { tell, recorded } = announcer();
  const what = { ...about, kind: 'job-acquired', media: 3, analyses: 5 } as const;
  await tell(what, 1);
  await tell(what, 2);
  expect(recorded.lines()).toHaveLength(1);
});

describe('when Discord does not take it', () => {
  const what: Announcement = { ...about, kind: 'project-ended', how: 'failed', reason: 'x' };
  const failing = (tell: (what: Announcement, attempt?: number) => Promise<void>, attempt = 1) =>
    failureOf<Failure>(tell(what, attempt));

  test('429 with retry_after is obeyed', async () => {
    const body = { message: 'You are being rate limited.', retry_after: 64.5, global: false };
    discord.faults.add({ endpoint: 'webhook', action: { kind: 'answer', status: 429, body } });
    const { tell, metrics } = announcer();
    expect(await failing(tell)).toMatchObject({ code: 'NotificationFailed', retryDelayMs: 64_500 });
    expect((await metrics.announcements.get()).values).toMatchObject([{ labels: { outcome: 'failed' } }]);
  });

  test("Discord's own rate limit is met and obeyed", async () => {
    await discord.close();
    discord = await startDiscordStandIn({ webhooks: channels, rateLimit: { calls: 2, windowMs: 30_000 } });
    const { tell } = announcer();
    await tell(what);
    await tell(what);
    const failure = await failing(tell);
    expect(failure.retryDelayMs).toBeGreaterThan(20_000);
    expect(failure.retryDelayMs).toBeLessThanOrEqual(30_000);
  });

  test.each<[string, unknown]>([
    ['is not JSON', '<html>slow down</html>'],
    ['says nothing', ''],
    ['says null', 'null'],
    ['says it in words', { retry_after: 'soon' }],
    ['says a negative number', { retry_after: -5 }],
    ['says less than our own delay', { retry_after: 0.1 }],
  ])('429 whose body %s waits for our own delay', async (_, body) => {
    discord.faults.add({ endpoint: 'webhook', action: { kind: 'answer', status: 429, body } });
    expect(await failing(announcer().tell)).toMatchObject({ code: 'NotificationFailed', retryDelayMs: 2_000 });
  });

  test.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [50, 900_000],
  ])('5xx in attempt %i is tried again after %i ms', async (attempt, retryDelayMs) => {
    discord.faults.add({ endpoint: 'webhook', action: { kind: 'answer', status: 502 } });
    expect(await failing(announcer().tell, attempt)).toMatchObject({ code: 'NotificationFailed', retryDelayMs });
  });

  test.each([400, 401, 403, 404])('%i is final', async (status) => {
    discord.faults.add({ endpoint: 'webhook', action: { kind: 'answer', status } });
    expect(await failing(announcer().tell)).toMatchObject({ code: 'NotificationRefused' });
  });

  test('being down is a reason to try again', async () => {
    const { tell } = announcer();
    await discord.down();
    expect(await failing(tell)).toMatchObject({ code: 'NotificationFailed', message: 'batch_report: connect' });
  });

  test.each([
    { kind: 'answer', status: 500 },
    { kind: 'answer', status: 404 },
    { kind: 'reset', phase: 'before' },
    { kind: 'hang', phase: 'before', ms: 10 },
  ] as const)('the webhook is not in the error (%j)', async (action) => {
    discord.faults.add({ endpoint: 'webhook', action });
    const { tell, recorded } = announcer();
    const failure = await failing(tell);
    const webhook = new URL(discord.webhookUrl('batch_report')).pathname;
    for (const part of webhook.split('/').slice(-2)) {
      expect(`${failure.message} ${failure.stack ?? ''} ${recorded.text()}`).not.toContain(part);
    }
  });
});
