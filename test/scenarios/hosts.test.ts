import { expect, test } from 'vitest';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';

const answeredAt = ({ hosts }: Site, index: number) => hosts[index]?.vision.stats().answered ?? 0;

test('a GPU host killed for good in mid-project: the other one takes its images over', async () => {
  const site = await openSite({
    hosts: [
      { slots: 2, latencyMs: 300 },
      { slots: 2, latencyMs: 300 },
    ],
    start: false,
  });
  await site.startRole('orchestrator');
  await site.startRole('io');
  const [first, second] = site.hosts;
  const [, doomed] = await Promise.all([site.spawnRole('gpu', first), site.spawnRole('gpu', second)]);
  const job = site.enqueue({ images: 6, analyses: 8 });
  await second?.vision.waitFor((calls) => calls.filter(({ outcome }) => outcome === 'answered').length >= 4, {
    timeoutMs: 30_000,
  });
  doomed.kill('SIGKILL');
  expect(await doomed.ended).toBe('SIGKILL');
  await site.finished(job);
  expectCompleted(site, job);
  // what ran at the kill is repeated, and nothing else
  expect(answeredAt(site, 0) + answeredAt(site, 1)).toBeLessThanOrEqual(48 + 6);
  await site.close();
}, 180_000);

test('a GPU worker that is asked to end hands its images over at once and exits with 0', async () => {
  const site = await openSite({
    hosts: [
      { slots: 2, latencyMs: 500 },
      { slots: 2, latencyMs: 500 },
    ],
    start: false,
  });
  await site.startRole('orchestrator');
  await site.startRole('io');
  const [first, second] = site.hosts;
  const [, leaving] = await Promise.all([site.spawnRole('gpu', first), site.spawnRole('gpu', second)]);
  const job = site.enqueue({ images: 4, analyses: 8 });
  await second?.vision.waitFor((calls) => calls.length >= 4, { timeoutMs: 30_000 });
  leaving.kill('SIGTERM');
  expect(await leaving.ended).toBe(0);
  // what ran could end: nothing was aborted, nothing is repeated
  expect(second?.vision.stats().aborted).toBe(0);
  await site.finished(job);
  expectCompleted(site, job);
  expect(answeredAt(site, 0) + answeredAt(site, 1)).toBe(32);
  await site.close();
});

test('a vision server that dies while its worker lives: the other host takes over', async () => {
  const site = await openSite({
    hosts: [
      { slots: 2, latencyMs: 200 },
      { slots: 2, latencyMs: 200 },
    ],
  });
  const job = site.enqueue({ images: 6, analyses: 6 });
  const [first, second] = site.hosts;
  await second?.vision.waitFor((calls) => calls.length >= 3, { timeoutMs: 30_000 });
  await second?.vision.down();
  await site.finished(job);
  expectCompleted(site, job);
  expect(answeredAt(site, 0)).toBeGreaterThan(18);
  expect(first?.vision.stats().maxInFlight).toBeLessThanOrEqual(2);
  await site.close();
});

test('the only vision server away for a while: the project waits for it and nothing fails', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 200 }] });
  const job = site.enqueue({ images: 3, analyses: 4 });
  const [host] = site.hosts;
  await host?.vision.waitFor((calls) => calls.length >= 3, { timeoutMs: 30_000 });
  await host?.vision.down();
  const waiting = await site.untilPhase(job, 'waiting-for-gpu');
  expect(waiting.waitingFor).toContain('GPU host');
  await host?.vision.up();
  expect(await site.finished(job)).toMatchObject({ done: 12, failed: 0 });
  expectCompleted(site, job);
  await site.close();
});

test('an inference that fails on the server is tried again; one that keeps failing fails alone', async () => {
  const site = await openSite({ hosts: [{ slots: 2 }] });
  const job = site.enqueue({ images: 1, analyses: 3 });
  const script = site.hosts[0]?.vision.script;
  script?.add(
    { match: { promptIncludes: 'Analysis 0001' }, action: { kind: 'status', status: 500 } },
    { match: { promptIncludes: 'Analysis 0002' }, times: Infinity, action: { kind: 'error-line' } },
    { match: { promptIncludes: 'Analysis 0003' }, action: { kind: 'reset', phase: 'mid-stream' } },
  );
  const held = await site.untilPhase(job, 'holding', 60_000);
  expect(held.totals).toMatchObject({ done: 2, failed: 1 });
  expect(held.failures).toMatchObject([{ analysisId: job.analyses[1]?.id, code: 'VisionFailed' }]);
  await site.close();
});

test('an answer that does not pass QA is repaired, one that never passes fails with its reasons', async () => {
  const site = await openSite({ hosts: [{ slots: 1 }] });
  const job = site.enqueue({ images: 1, analyses: 3 });
  site.hosts[0]?.vision.script.add(
    { match: { promptIncludes: 'Analysis 0001' }, action: { kind: 'transform', how: 'truncated-json' } },
    { match: { promptIncludes: 'Analysis 0002' }, times: Infinity, action: { kind: 'transform', how: 'refusal' } },
    { match: { promptIncludes: 'Analysis 0003' }, action: { kind: 'length' } },
  );
  const held = await site.untilPhase(job, 'holding', 60_000);
  expect(held.failures).toMatchObject([{ code: 'QaRejected', message: expect.stringContaining('refusal') as string }]);
  const sent = site.goflow
    .calls()
    .find(({ endpoint, analysisId }) => endpoint === 'E3' && analysisId === job.analyses[0]?.id);
  const body = sent?.requestBody as { userPromptUsed: string; systemPromptUsed: string };
  // every word that was sent as user, and nothing that was not (P5)
  const conversation = site.hosts[0]?.vision
    .calls()
    .find(({ prompt, messages }) => prompt.includes('Analysis 0001') && messages.length > 2);
  expect(body.userPromptUsed).toBe(
    conversation?.messages
      .filter(({ role }) => role === 'user')
      .map(({ text }) => text)
      .join('\n\n'),
  );
  expect(body.systemPromptUsed).toBe(conversation?.messages.find(({ role }) => role === 'system')?.text);
  await site.close();
});
