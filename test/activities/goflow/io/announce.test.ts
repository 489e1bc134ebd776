import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { announce } from '../../../../activities/goflow/io/announce.ts';
import { createDiscordClient } from '../../../../activities/shared/discord-client.ts';
import { channels, type Channel, createDiscordGate } from '../../../../activities/shared/discord-gate.ts';
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
  const tell = (what: Announcement, attempt = 1) => inActivity(() => announce(deps, what), { ...today(), attempt });
  /** By outcome. */
  const counted = async () =>
    Object.fromEntries(
      (await metrics.announcements.get()).values.map(({ labels, value }) => [String(labels.outcome), value]),
    );
  return { deps, tell, metrics, recorded, counted };
}

const dayMs = 86_400_000;
const today = () => ({ scheduledTimestampMs: Date.now(), scheduleToCloseTimeoutMs: dayMs });
const progress = { elapsedMs: 3_725_000, combinations: 10, done: 7, failed: 2 };
const about = { projectId: 'p-1', client: 'acme', project: 'catalogue', progress };
const standing = { combinations: '10', done: '7', failed: '2', duration: '1 h 2 min' };
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
    { 'answers that did not pass at first': '40', ...standing },
  ]),
  [
    'a project that waits for an operator',
    { ...about, kind: 'waiting-for-operator', reason: '2 failed: retry', failed: 2, combinations: 10 },
    'batch_report',
    amber,
    standing,
  ],
  [
    'a project that waits for GoFlow',
    { ...about, kind: 'waiting-for-goflow', sinceMs: Date.UTC(2026, 10, 20), call: 'report', reason: '503' },
    'batch_report',
    amber,
    { since: '2026-11-20T00:00:00.000Z', ...standing },
  ],
  [
    'a project that completed',
    {
      ...about,
      kind: 'project-finished',
      report,
      qa: { repaired: 3, degraded: 1, failures: { structural: 4, domain: 2 } },
    },
    'batch_report',
    green,
    {
      ...standing,
      ...{ images: '2', analyses: '9', failed: '1', 'success rate': '90 %' },
      ...{ 'processing time': '1 min 30 s', 'per minute': '6' },
      ...{ repaired: '3', degraded: '1', 'QA: structural': '4', 'QA: domain': '2' },
    },
  ],
  [
    'a project that was cancelled',
    { ...about, kind: 'project-ended', how: 'cancelled', reason: 'wrong job' },
    'batch_report',
    red,
    standing,
  ],
  [
    'a project that failed',
    { ...about, kind: 'project-ended', how: 'failed', reason: 'MalformedJob' },
    'batch_report',
    red,
    standing,
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

  test.each([
    [1, 1, '1 image x 1 analysis'],
    [1, 25, '1 image x 25 analyses'],
    [20, 1, '20 images x 1 analysis'],
  ])('a job of %i x %i as "%s"', async (media, analyses, said) => {
    await announcer().tell({ ...about, kind: 'job-acquired', media, analyses });
    expect(embedsOf('batch_manifest')[0]?.description).toBe(said);
  });

  test.each([
    [1, 3.334, '100 %', '3 min 20 s'],
    [0.998, 0.07, '99.8 %', '4 s'],
    [0.9999, 125, '99.9 %', '2 h 5 min'],
    [0.57, 0, '57 %', '0 s'],
  ])('a share of %f in %f minutes as people write it', async (success_rate, processing_time_minutes, rate, time) => {
    const details = { ...report.report.details, success_rate, processing_time_minutes };
    const changed = { ...report, report: { ...report.report, details } };
    await announcer().tell({ ...about, kind: 'project-finished', report: changed });
    const fields = embedsOf('batch_report')[0]?.fields.map(({ name, value }) => [name, value]) ?? [];
    expect(Object.fromEntries(fields)).toMatchObject({ 'success rate': rate, 'processing time': time });
  });

  test('a project of release 0.1, which says less', async () => {
    const { tell } = announcer();
    await tell({ projectId: 'p-1', client: 'acme', project: 'catalogue', kind: 'project-finished', report });
    expect(discord.calls()).toMatchObject([{ status: 204 }]);
  });
});

describe('foreign text', () => {
  const said = async (reason: string) => {
    await announcer().tell({ ...about, kind: 'project-ended', how: 'failed', reason });
    return embedsOf('batch_report')[0]?.description;
  };

  test('pings nobody', async () => {
    expect(await said('@everyone <@123> <@&4> <#5> look')).toBe(
      '@\u200beveryone \\<@\u200b123\\> \\<@\u200b&4\\> \\<#5\\> look',
    );
    expect(discord.calls()[0]?.requestBody).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  test.each([
    ['new lines', 'a\nProject completed\r\n\u2028b', 'a Project completed b'],
    ['control and direction characters', 'a\u001b[31mb\u0000\u202ec\u200dd', 'a \\[31mb c d'],
    [
      'links and Markdown',
      '[x](https://evil.example) **b** _i_ `c` a_b',
      '\\[x\\](https://evil.example) \\*\\*b\\*\\* \\_i\\_ \\`c\\` a_b',
    ],
    ['a heading', '# loud', '\\# loud'],
  ])('brings no %s', async (_, reason, shown) => expect(await said(reason)).toBe(shown));
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
  const answer = (status: number, rest: { body?: unknown; headers?: Record<string, string> } = {}) =>
    discord.faults.add({ endpoint: 'webhook', action: { kind: 'answer', status, ...rest } });
  /** Delays are spread by up to a second. */
  const expectDelay = (failure: Failure, ms: number) => {
    expect(failure.retryDelayMs).toBeGreaterThan(ms - 500);
    expect(failure.retryDelayMs).toBeLessThanOrEqual(ms + 1_000);
  };

  test.each([
    ['in the body', { body: { retry_after: 64.5, global: false } }, 64_500],
    ['in the header', { body: { global: false, retry_after: 1 }, headers: { 'retry-after': '30' } }, 30_000],
    ['of a proxy', { body: '<html>slow down</html>', headers: { 'retry-after': '20' } }, 20_000],
    ['absurdly long', { body: { retry_after: 1e9, global: false } }, 900_000],
  ])('429 with retry_after %s is obeyed', async (_, rest, ms) => {
    answer(429, rest);
    const { tell, counted } = announcer();
    const failure = await failing(tell);
    expect(failure).toMatchObject({ code: 'NotificationFailed' });
    expectDelay(failure, ms);
    expect(await counted()).toEqual({ failed: 1 });
    // whatever else is to be said there waits, without a call
    const next = await failing(tell);
    expect(next).toMatchObject({ code: 'NotificationHeld' });
    expectDelay(next, ms);
    expect(discord.calls()).toHaveLength(1);
  });

  test.each([
    [{ body: { retry_after: 30, global: false } }, 2],
    [{ body: { retry_after: 30, global: true } }, 1],
    [{ body: { retry_after: 30 }, headers: { 'x-ratelimit-global': 'true' } }, 1],
    [{ body: '<html>', headers: { 'retry-after': '30' } }, 1],
  ])('429 %j lets so many calls to two channels out: %i', async (rest, calls) => {
    answer(429, rest);
    const { tell } = announcer();
    await failing(tell);
    await tell({ ...about, kind: 'job-acquired', media: 3, analyses: 5 }).catch(() => undefined);
    expect(discord.calls()).toHaveLength(calls);
  });

  test("Discord's own rate limit is kept before it is met", async () => {
    await discord.close();
    discord = await startDiscordStandIn({ webhooks: channels, rateLimit: { calls: 2, windowMs: 30_000 } });
    const { tell } = announcer();
    await tell(what);
    await tell(what);
    const failure = await failing(tell);
    expect(failure.code).toBe('NotificationHeld');
    expectDelay(failure, 30_000);
    expect(discord.calls().map(({ status }) => status)).toEqual([204, 204]);
  });

  test.each<[string, unknown]>([
    ['is not JSON', '<html>slow down</html>'],
    ['says nothing', ''],
    ['says null', 'null'],
    ['says it in words', { retry_after: 'soon' }],
    ['says a negative number', { retry_after: -5 }],
  ])('429 whose body %s waits for our own delay', async (_, body) => {
    answer(429, { body });
    const failure = await failing(announcer().tell);
    expect(failure).toMatchObject({ code: 'NotificationFailed' });
    expectDelay(failure, 2_000);
  });

  test('5xx is tried again, each time after twice as long, up to 15 min', async () => {
    let nowMs = 0;
    const { deps } = announcer();
    const http = createHttp({ connectTimeoutMs: 500, connections: 4 });
    onTestFinished(() => http.close());
    const webhooks = { batch_report: discord.webhookUrl('batch_report') };
    const client = createDiscordClient(
      webhooks,
      http,
      createDiscordGate(() => nowMs),
    );
    const tell = () => inActivity(() => announce({ ...deps, discord: client }, what), today());
    for (const ms of [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 900_000, 900_000]) {
      answer(502);
      const failure = await failureOf<Failure>(tell());
      expect(failure).toMatchObject({ code: 'NotificationFailed' });
      expectDelay(failure, ms);
      nowMs += ms;
    }
    await tell();
    answer(502);
    expectDelay(await failureOf<Failure>(tell()), 2_000);
  });

  test('400 is about this message only', async () => {
    answer(400);
    const { tell, counted } = announcer();
    expect(await failing(tell)).toMatchObject({ code: 'NotificationRefused' });
    await tell(what);
    expect(await counted()).toEqual({ refused: 1, delivered: 1 });
  });

  test.each([401, 403, 404])('%i, a webhook that is gone, is said once, counted and left alone', async (status) => {
    answer(status);
    const { tell, counted } = announcer();
    expect(await failing(tell)).toMatchObject({ code: 'NotificationRefused' });
    await tell(what);
    await tell(what);
    expect(await counted()).toEqual({ refused: 1, gone: 2 });
    expect(discord.calls()).toHaveLength(1);
    // the other channels go on
    await tell({ ...about, kind: 'job-acquired', media: 3, analyses: 5 });
    expect(discord.messages('batch_manifest')).toHaveLength(1);
  });

  test('being down is a reason to try again', async () => {
    const { tell } = announcer();
    await discord.down();
    expect(await failing(tell)).toMatchObject({ code: 'NotificationFailed', message: 'batch_report: connect' });
  });

  test('a Discord that hangs holds one call of many, once it has failed', async () => {
    const { tell } = announcer();
    discord.faults.add({ endpoint: 'webhook', times: 100, action: { kind: 'answer', status: 500 } });
    await failing(tell);
    await sleep(3_100);
    discord.faults.clear();
    discord.faults.add({ endpoint: 'webhook', times: 100, action: { kind: 'hang', phase: 'before', ms: 500 } });
    const failures = await Promise.all(Array.from({ length: 100 }, () => failing(tell)));
    expect(failures.filter(({ code }) => code === 'NotificationHeld')).toHaveLength(99);
    expect(discord.calls()).toHaveLength(2);
  });

  test('after a day it is given up, loudly', async () => {
    await discord.down();
    const { deps, recorded, counted } = announcer();
    const tellAt = (agoMs: number) =>
      failureOf<Failure>(
        inActivity(() => announce(deps, what), {
          ...today(),
          attempt: 100,
          scheduledTimestampMs: Date.now() - agoMs,
        }),
      );
    expect(await tellAt(dayMs / 2)).toMatchObject({ isFinal: false });
    expect(recorded.lines()).toEqual([]);
    expect(await tellAt(dayMs - 1_000)).toMatchObject({ code: 'NotificationFailed', isFinal: true });
    expect(recorded.lines()).toMatchObject([{ level: 'error', channel: 'batch_report', projectId: 'p-1' }]);
    expect(await counted()).toMatchObject({ lost: 1 });
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

  test.each([
    { kind: 'truncate' },
    { kind: 'reset', phase: 'mid-body' },
    { kind: 'answer', status: 200, body: 'not JSON at all' },
    { kind: 'answer', status: 200, body: { id: 7 } },
  ] as const)('a malformed answer harms nobody (%j)', async (action) => {
    discord.faults.add({ endpoint: 'webhook', action });
    const outcome = await announcer()
      .tell(what)
      .then(
        () => 'delivered',
        (error: unknown) => (error as Failure).code,
      );
    expect(['delivered', 'NotificationFailed']).toContain(outcome);
  });
});
