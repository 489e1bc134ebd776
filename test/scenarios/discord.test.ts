import { expect, onTestFinished, test } from 'vitest';
import { type Channel, channels } from '../../activities/shared/discord-gate.ts';
import { type DiscordStandIn, type DiscordStandInOptions, startDiscordStandIn } from '../stand-ins/discord/stand-in.ts';
import type { Job } from '../stand-ins/goflow/job.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site, type SiteOptions } from '../support/site.ts';
import { until } from '../support/wait.ts';

async function openWithDiscord(options: SiteOptions = {}, limits: DiscordStandInOptions = {}) {
  const discord = await startDiscordStandIn({ webhooks: channels, ...limits });
  onTestFinished(() => discord.close());
  const env = Object.fromEntries(
    channels.map((channel) => [`DISCORD_WEBHOOK_${channel.toUpperCase()}`, discord.webhookUrl(channel)]),
  );
  const secrets = channels.map((channel) => discord.webhookUrl(channel).split('/').at(-1) ?? '');
  return { discord, site: await openSite({ ...options, env, secrets }) };
}

/** In the order in which they came. */
const titles = (discord: DiscordStandIn, channel: Channel) =>
  discord.messages(channel).map(({ embeds }) => String(embeds[0]?.['title']));

/** Of the first message. */
const fieldsOf = (discord: DiscordStandIn, channel: Channel) => {
  const fields = discord.messages(channel)[0]?.embeds[0]?.['fields'] as { name: string; value: string }[];
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
};

const notifications = async (site: Site) => {
  const query = `WorkflowType = 'goflowNotifications'`;
  const found = [];
  for await (const { workflowId, status } of site.client.workflow.list({ query }))
    found.push([workflowId, status.name]);
  return found;
};

const finishedWithin = async (site: Site, job: Job, ms: number) => {
  const startedAtMs = Date.now();
  await site.finished(job);
  expect(Date.now() - startedAtMs).toBeLessThan(ms);
  expectCompleted(site, job);
};

test('a project is told from acquisition to completion, and nothing is left behind', async () => {
  const { discord, site } = await openWithDiscord();
  const job = site.enqueue({ images: 2, analyses: 3 });
  await site.finished(job);
  expect(titles(discord, 'batch_manifest')).toEqual(['Job acquired']);
  expect(titles(discord, 'batch_report')).toEqual(['Project completed']);
  const fields = fieldsOf(discord, 'batch_report');
  expect(fields).toMatchObject({ client_slug: job.client.slug, combinations: '6', done: '6', failed: '0' });
  expect(fields['duration']).toMatch(/^\d+ s$/);
  expect(await notifications(site)).toEqual([]);
  await site.close();
});

test('a hundred QA failures are one message', async () => {
  const { discord, site } = await openWithDiscord({ hosts: [{ slots: 8 }] });
  site.hosts[0]?.vision.script.add({ times: Infinity, action: { kind: 'transform', how: 'refusal' } });
  const job = site.enqueue({ images: 4, analyses: 25 });
  const { totals } = await site.untilPhase(job, 'holding', 120_000);
  expect(totals.failed).toBe(100);
  await discord.waitFor(() => discord.messages().length === 3);
  expect(titles(discord, 'batch_report')).toEqual(['Waiting for an operator']);
  expect(titles(discord, 'qa_content')).toEqual(['QA: content']);
  expect(fieldsOf(discord, 'qa_content')).toMatchObject({ 'answers that did not pass at first': '100' });
  await site.close();
});

test('Discord is down: the project ends in time, and what is to be said arrives once it is back', async () => {
  const { discord, site } = await openWithDiscord();
  await discord.down();
  const job = site.enqueue({ images: 2, analyses: 3 });
  await finishedWithin(site, job, 20_000);
  expect(await notifications(site)).toMatchObject([[expect.stringContaining(job.project.id), 'RUNNING']]);
  await discord.up();
  await discord.waitFor(() => discord.messages().length === 2, { timeoutMs: 60_000 });
  expect(titles(discord, 'batch_manifest')).toEqual(['Job acquired']);
  expect(titles(discord, 'batch_report')).toEqual(['Project completed']);
  await until('its workflow has ended', async () => (await notifications(site))[0]?.[1] === 'COMPLETED');
  await site.close();
});

test.each([
  ['hangs', { kind: 'hang', phase: 'before' }],
  ['fails', { kind: 'answer', status: 503 }],
  ['is a wall of 429', { kind: 'answer', status: 429, body: { retry_after: 3, global: true } }],
] as const)('Discord %s for 7 s: no project waits for it, nothing is lost', async (_, action) => {
  const { discord, site } = await openWithDiscord();
  discord.faults.add({ endpoint: 'webhook', forMs: 7_000, action });
  const jobs = [1, 2, 3].map(() => site.enqueue({ images: 2, analyses: 3 }));
  for (const job of jobs) await finishedWithin(site, job, 25_000);
  const told = (channel: Channel) => new Set(discord.messages(channel).map(projectIn)).size;
  await discord.waitFor(() => told('batch_manifest') === 3 && told('batch_report') === 3, { timeoutMs: 90_000 });
  await site.close();
});

const projectIn = ({ embeds }: { embeds: readonly Readonly<Record<string, unknown>>[] }) =>
  (embeds[0]?.['fields'] as { name: string; value: string }[]).find(({ name }) => name === 'project')?.value;

test('a webhook that was deleted is said once; the other channels and the projects go on', async () => {
  const { discord, site } = await openWithDiscord();
  discord.faults.add({
    endpoint: 'webhook',
    match: { webhook: 'batch_manifest' },
    times: 100,
    action: { kind: 'answer', status: 404, body: { message: 'Unknown Webhook', code: 10015 } },
  });
  const jobs = [1, 2, 3].map(() => site.enqueue({ images: 1, analyses: 2 }));
  for (const job of jobs) await finishedWithin(site, job, 25_000);
  await discord.waitFor(() => titles(discord, 'batch_report').length === 3);
  expect(discord.calls().filter(({ webhook }) => webhook === 'batch_manifest')).toHaveLength(1);
  const said = site
    .log()
    .split('\n')
    .filter((line) => line.includes('its webhook does not exist'));
  expect(said).toHaveLength(1);
  await site.close();
});

test('what a slow channel cannot take at once waits its turn, and Discord need not say 429', async () => {
  const { discord, site } = await openWithDiscord({}, { rateLimit: { calls: 1, windowMs: 3_000 } });
  const jobs = [1, 2, 3].map(() => site.enqueue({ images: 1, analyses: 2 }));
  for (const job of jobs) await finishedWithin(site, job, 25_000);
  await discord.waitFor(() => discord.messages().length === 6, { timeoutMs: 60_000 });
  expect(discord.calls().filter(({ status }) => status === 429)).toEqual([]);
  await site.close();
});
