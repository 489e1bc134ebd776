import { expect, test } from 'vitest';
import { expectCompleted, expectUnharmed } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import type { Job } from '../stand-ins/goflow/job.ts';
import type { GoflowFaultRule } from '../stand-ins/goflow/stand-in.ts';

/** Every call to GoFlow of a kind gives up quickly, so that a test does not wait for 30 s. */
const impatient = { callTimeoutSeconds: 1, backoff: { firstSeconds: 0.2, serverErrorFactor: 1.5 } };

type Action = GoflowFaultRule['action'];

const answers = [429, 500, 502, 503, 504, 401, 403, 408].map((status): Action => ({ kind: 'answer', status }));
const breakages: Action[] = [
  { kind: 'reset', phase: 'before' },
  { kind: 'reset', phase: 'after-commit' },
  { kind: 'reset', phase: 'mid-body' },
  { kind: 'hang', phase: 'before' },
  { kind: 'hang', phase: 'after-commit' },
  // gateways say so although the backend behind them has taken the call
  { kind: 'answer-after-commit', status: 500 },
  { kind: 'answer-after-commit', status: 504 },
];

/** Every fault once at E3, each at another combination, and all of them in turn at E2 and E4. */
function addEverywhere({ goflow }: Site, job: Job, actions: readonly Action[]): void {
  const calls = [
    { endpoint: 'E2', match: { status: 'processing' } },
    { endpoint: 'E2', match: { status: 'completed' } },
    { endpoint: 'E4' },
  ] as const;
  actions.forEach((action, index) => {
    goflow.faults.add({ endpoint: 'E3', match: { analysisId: job.analyses[index]?.id ?? '' }, action });
    goflow.faults.add({ ...(calls[index % calls.length] ?? calls[0]), action });
  });
}

test.each([
  ['answers', answers, true],
  ['breakages', breakages, true],
  ['breakages, by a GoFlow that knows no idempotency keys,', breakages, false],
])('all kinds of %s at E2, E3 and E4 are survived: each call is accepted once', async (_, actions, honoursKeys) => {
  const site = await openSite({ endpoints: impatient, goflow: { honoursKeys }, start: false });
  const job = site.enqueue({ images: 1, analyses: actions.length });
  addEverywhere(site, job, actions);
  await site.startRole('all', site.hosts[0]);
  await expectUnharmed(site, job);
  await site.close();
});

test('401, 429, 500 and a broken connection while polling are survived: the next poll brings the job', async () => {
  const site = await openSite({ endpoints: impatient, start: false });
  for (const status of [401, 429, 500]) site.goflow.faults.add({ endpoint: 'E1', action: { kind: 'answer', status } });
  site.goflow.faults.add({ endpoint: 'E1', action: { kind: 'reset', phase: 'before' } });
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.startRole('all', site.hosts[0]);
  await expectUnharmed(site, job);
  await site.close();
});

test('a 400 without an ambiguous send is a failure of that combination, with the body in its message', async () => {
  const site = await openSite();
  site.goflow.faults.add({
    endpoint: 'E3',
    action: { kind: 'answer', status: 400, body: { detail: 'duplicate: says who?' } },
  });
  const job = site.enqueue({ images: 1, analyses: 2 });
  const held = await site.untilPhase(job, 'holding');
  expect(held.failures).toMatchObject([
    { code: 'GoFlowRefused', message: expect.stringContaining('says who?') as string },
  ]);
  await site.close();
});

test('a 422 has the analysis made once more under a new key; a second one is permanent', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 2 });
  const [once, twice] = job.analyses.map(({ id }) => id);
  const unusable = { kind: 'answer', status: 422, body: { detail: 'cannot use this' } } as const;
  site.goflow.faults.add({ endpoint: 'E3', match: { analysisId: once ?? '' }, action: unusable });
  site.goflow.faults.add({ endpoint: 'E3', match: { analysisId: twice ?? '' }, times: 2, action: unusable });
  const held = await site.untilPhase(job, 'holding');
  expect(held.failures).toMatchObject([{ analysisId: twice, code: 'GoFlowUnprocessable' }]);
  const keysOf = (analysisId?: string) =>
    site.goflow
      .calls()
      .filter((call) => call.endpoint === 'E3' && call.analysisId === analysisId)
      .map(({ idempotencyKey }) => idempotencyKey?.split(':').slice(3).join(':'));
  expect(keysOf(once)).toEqual(['', '2']);
  expect(keysOf(twice)).toEqual(['', '2']);
  await site.project(job).executeUpdate('retry', { args: [{}] });
  await site.finished(job);
  expectCompleted(site, job);
  expect(keysOf(twice)).toEqual(['', '2', '3']);
  expect(site.hosts[0]?.vision.calls()).toHaveLength(5);
  await site.close();
});

test('Retry-After of a 429 holds back all calls of the process', async () => {
  const site = await openSite({ hosts: [{ slots: 4, latencyMs: 10 }] });
  const job = site.enqueue({ images: 2, analyses: 6 });
  const limited = { kind: 'answer', status: 429, headers: { 'retry-after': '3' } } as const;
  site.goflow.faults.add({ endpoint: 'E3', skip: 2, action: limited });
  await expectUnharmed(site, job);
  const results = site.goflow.calls().filter(({ endpoint }) => endpoint === 'E3');
  const limitedAt = results.find(({ status }) => status === 429)?.monotonicMs ?? Number.NaN;
  // what was on its way when the answer came may still arrive
  const within = results.filter(({ monotonicMs }) => monotonicMs > limitedAt + 250 && monotonicMs < limitedAt + 2_900);
  expect(within).toEqual([]);
  await site.close();
});

test('a key that GoFlow echoes in its errors is seen nowhere', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 1 });
  const body = { detail: `no such project for key ${site.goflow.apiKey}` };
  site.goflow.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 404, body } });
  const held = await site.untilPhase(job, 'holding');
  expect(held.failures[0]?.message).toContain('[redacted]');
  // closing looks for the key in logs, files and histories
  await site.close();
});
