import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { wordUpdates } from '../../workflows/goflow/contracts/messages.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';
import type { Job } from '../stand-ins/goflow/job.ts';

const combination = (job: Job, mediaIndex: number, analysisIndex: number) => ({
  mediaId: job.media[mediaIndex]?.id ?? '',
  analysisId: job.analyses[analysisIndex]?.id ?? '',
});

/** Makes GoFlow say once that it does not know this combination. */
function refuseOnce({ goflow }: Site, job: Job, at: { mediaId: string; analysisId: string }): void {
  goflow.faults.add({
    endpoint: 'E3',
    match: { projectId: job.project.id, ...at },
    action: { kind: 'answer', status: 404 },
  });
}

test('a refused result holds the project, and a retry of that one combination sends the same bytes and completes it', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 2, analyses: 3 });
  const at = combination(job, 1, 2);
  refuseOnce(site, job, at);

  const held = await site.untilPhase(job, 'holding');
  expect(held.totals).toEqual({ combinations: 6, done: 5, failed: 1, running: 0 });
  expect(held.failures).toMatchObject([{ ...at, code: 'GoFlowNotFound' }]);
  expect(held.waitingFor).toContain('an operator');
  const analysed = site.hosts[0]?.vision.calls().length;

  const answer = await site.project(job).executeUpdate(wordUpdates.retry, { args: [at] });
  expect(answer.message).toContain('1 failed combination');
  await site.finished(job);
  expectCompleted(site, job);
  expect(site.hosts[0]?.vision.calls().length).toBe(analysed);
  const sent = site.goflow
    .calls()
    .filter(
      ({ endpoint, mediaId, analysisId }) =>
        endpoint === 'E3' && mediaId === at.mediaId && analysisId === at.analysisId,
    );
  expect(sent.map(({ status }) => status)).toEqual([404, 201]);
  expect(new Set(sent.map(({ requestSha256, idempotencyKey }) => `${requestSha256} ${idempotencyKey}`)).size).toBe(1);
  await site.close();
});

test('after the same bytes were refused twice, a retry analyses anew under the next key', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 2 });
  const at = combination(job, 0, 1);
  refuseOnce(site, job, at);
  refuseOnce(site, job, at);
  for (let retries = 1; retries <= 2; retries += 1) {
    await site.untilPhase(job, 'holding');
    await site.project(job).executeUpdate(wordUpdates.retry, { args: [{}] });
    if (retries === 1)
      await until(
        'held again',
        () => site.goflow.calls().filter(({ status, endpoint }) => endpoint === 'E3' && status === 404).length === 2,
      );
  }
  await site.finished(job);
  expectCompleted(site, job);
  const keys = site.goflow
    .calls()
    .filter(({ endpoint, analysisId }) => endpoint === 'E3' && analysisId === at.analysisId)
    .map(({ idempotencyKey }) => idempotencyKey);
  const base = `${job.project.id}:${at.mediaId}:${at.analysisId}`;
  expect(keys).toEqual([base, base, `${base}:2`]);
  expect(site.hosts[0]?.vision.calls().length).toBe(3);
  await site.close();
});

test('an accepted project completes, and its report names what failed', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 2, analyses: 2 });
  site.goflow.registerProject(job, { expectComplete: false });
  const at = combination(job, 0, 0);
  refuseOnce(site, job, at);
  await site.untilPhase(job, 'holding');
  await site.project(job).executeUpdate(wordUpdates.accept, { args: [{ reason: 'the customer knows' }] });
  expect(await site.finished(job)).toMatchObject({ done: 3, failed: 1 });
  expect(site.goflow.project(job.project.id)).toMatchObject({ accepted: 3, completed: true, reported: true });
  const report = site.goflow.calls().find(({ endpoint }) => endpoint === 'E4')?.requestBody as {
    report: { details: object; summary: string };
  };
  expect(report.report.details).toMatchObject({
    success_rate: 0.75,
    total_analyses_completed: 3,
    total_media_processed: 2,
    failed: [{ media_id: at.mediaId, analysis_id: at.analysisId, code: 'GoFlowNotFound' }],
  });
  expect(report.report.summary).toContain('the customer knows');
  await site.close();
});

test('the accept policy completes a project by itself when few enough failed, bound included', async () => {
  const site = await openSite({ settings: { failures: { policy: 'accept', maxFailedShare: 0.25 } } });
  const job = site.enqueue({ images: 2, analyses: 2 });
  site.goflow.registerProject(job, { expectComplete: false });
  refuseOnce(site, job, combination(job, 1, 1));
  expect(await site.finished(job)).toMatchObject({ done: 3, failed: 1 });
  await site.close();
});

test('a held project does not stop the next job', async () => {
  const site = await openSite({ settings: { intake: { maxConcurrentProjects: 1 } } });
  const first = site.enqueue({ images: 1, analyses: 1 });
  refuseOnce(site, first, combination(first, 0, 0));
  await site.untilPhase(first, 'holding');
  const second = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(second);
  expectCompleted(site, second);
  expect((await site.progress(first)).phase).toBe('holding');
  await site.project(first).executeUpdate(wordUpdates.retry, { args: [{}] });
  await site.finished(first);
  await site.close();
});

test('cancel in mid-analysis ends the inference at once, frees the lanes and sends nothing more to GoFlow', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 20_000 }] });
  const job = site.enqueue({ images: 3, analyses: 4 });
  const vision = site.hosts[0]?.vision;
  await vision?.waitFor((calls) => calls.filter(({ startedAtMs }) => startedAtMs !== undefined).length === 2, {
    timeoutMs: 20_000,
  });

  await site.project(job).executeUpdate(wordUpdates.cancel, { args: [{ reason: 'a mistake' }] });
  await vision?.waitFor((calls) => calls.every(({ outcome }) => outcome === 'aborted'), { timeoutMs: 2_000 });
  await expect(site.finished(job)).rejects.toThrow();
  expect((await site.project(job).describe()).status.name).toBe('FAILED');
  expect((await site.progress(job)).phase).toBe('cancelled');
  const sent = () =>
    site.goflow.calls().filter(({ projectId, endpoint }) => projectId === job.project.id && endpoint !== 'E1');
  const sentAtEnd = sent().length;

  // the lanes are free: another project runs on them
  const other = site.enqueue({ images: 1, analyses: 2 });
  await vision?.waitFor((calls) => calls.filter(({ outcome }) => outcome !== 'aborted').length === 2, {
    timeoutMs: 20_000,
  });
  expect(sent()).toHaveLength(sentAtEnd);
  await site.project(other).executeUpdate(wordUpdates.cancel, { args: [{ reason: 'the test is over' }] });
  await expect(site.finished(other)).rejects.toThrow();
  await site.close();
});

test("Temporal's own cancellation ends a project as cancelled", async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 20_000 }] });
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.hosts[0]?.vision.waitFor((calls) => calls.length === 1, { timeoutMs: 20_000 });
  await site.project(job).cancel();
  await expect(site.finished(job)).rejects.toThrow();
  expect((await site.project(job).describe()).status.name).toBe('CANCELLED');
  expect(site.hosts[0]?.vision.calls()[0]?.outcome).toBe('aborted');
  await site.close();
});

test('a cancelled project runs again when GoFlow hands it out again, and sends nothing twice', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 300 }] });
  const job = site.enqueue({ images: 2, analyses: 3 });
  await site.goflow.waitFor((goflow) => goflow.calls().filter(({ endpoint }) => endpoint === 'E3').length >= 2, {
    timeoutMs: 20_000,
  });
  await site.project(job).executeUpdate(wordUpdates.cancel, { args: [{ reason: 'later' }] });
  await expect(site.finished(job)).rejects.toThrow();
  const before = site.goflow.project(job.project.id)?.accepted ?? 0;
  expect(before).toBeGreaterThanOrEqual(2);
  expect(before).toBeLessThan(6);

  site.goflow.enqueue(job);
  await until('the second run', async () => (await site.project(job).describe()).status.name === 'RUNNING');
  await site.finished(job);
  expect(site.goflow.violations()).toEqual([]);
  expect(site.goflow.project(job.project.id)).toMatchObject({ accepted: 6, completed: true, reported: true });
  const results = site.goflow
    .calls()
    .filter(({ endpoint, committed, replayed }) => endpoint === 'E3' && committed && !replayed);
  expect(results).toHaveLength(6);
  await site.close();
});

test('pause lets what runs end and gives the places back; resume goes on', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 300 }] });
  const job = site.enqueue({ images: 3, analyses: 4 });
  await site.goflow.waitFor((goflow) => goflow.calls().some(({ endpoint }) => endpoint === 'E3'), {
    timeoutMs: 20_000,
  });
  await site.project(job).executeUpdate(wordUpdates.pause, { args: [{}] });
  expect((await site.progress(job)).phase).toBe('paused');

  const vision = site.hosts[0]?.vision;
  await until('what ran has ended and is reported', () => {
    const answered = vision?.stats().answered ?? 0;
    return vision?.calls().length === answered && site.goflow.project(job.project.id)?.accepted === answered;
  });
  const atPause = vision?.calls().length ?? 0;
  expect(atPause).toBeLessThan(12);

  // another project gets the lanes meanwhile
  const other = site.enqueue({ images: 2, analyses: 1 });
  await site.finished(other);
  expect(vision?.calls().length).toBe(atPause + 2);

  await site.project(job).executeUpdate(wordUpdates.resume, { args: [{}] });
  await site.finished(job);
  expectCompleted(site, job);
  expect(vision?.calls().length).toBe(12 + 2);
  await site.close();
});

test('what waits for a lane is not begun once the project is paused', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 4_000 }] });
  const job = site.enqueue({ images: 1, analyses: 3 });
  const vision = site.hosts[0]?.vision;
  await vision?.waitFor((calls) => calls.length === 1, { timeoutMs: 30_000 });
  await site.project(job).executeUpdate(wordUpdates.pause, { args: [{}] });
  await until('the one that ran is reported', () => site.goflow.project(job.project.id)?.accepted === 1);
  // what is shown is some seconds behind
  await until('the image has left, and its answer is shown', async () => {
    const { phase, totals, media } = await site.progress(job);
    return phase === 'paused' && totals.done === 1 && totals.running === 0 && media[0]?.state !== 'analysing';
  });
  expect(vision?.calls()).toHaveLength(1);

  await site.project(job).executeUpdate(wordUpdates.resume, { args: [{}] });
  await site.finished(job);
  expectCompleted(site, job);
  expect(vision?.calls()).toHaveLength(3);
  await site.close();
});

test('pauses and resumes right after one another leave no image paused', async () => {
  const site = await openSite({ hosts: [{ slots: 4, latencyMs: 300 }] });
  const job = site.enqueue({ images: 4, analyses: 8 });
  await site.untilPhase(job, 'processing');
  const project = site.project(job);
  // Temporal delivers signals from one workflow to another in no certain order
  for (let round = 0; round < 40; round += 1) {
    const said = ['pause', 'resume', 'pause', 'resume'].map((word) => project.signal(word, {}));
    await Promise.all(said);
  }
  await project.executeUpdate(wordUpdates.resume, { args: [{}] }).catch(() => 'was not paused');
  await site.finished(job);
  expectCompleted(site, job);
  expect(site.hosts[0]?.vision.calls()).toHaveLength(32);
  await site.close();
});

test('a refused report is held, and the operator sends E4 alone again', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 1 });
  site.goflow.faults.add({ endpoint: 'E4', action: { kind: 'answer', status: 404 } });
  const held = await site.untilPhase(job, 'holding');
  expect(held.waitingFor).toContain('report');
  await expect(site.project(job).executeUpdate(wordUpdates.accept, { args: [{ reason: 'x' }] })).rejects.toThrow(
    WorkflowUpdateFailedError,
  );
  await site.project(job).executeUpdate(wordUpdates.retry, { args: [{ step: 'report' }] });
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('a refused status is held, and a retry sends it again', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 2 });
  site.goflow.faults.add({ endpoint: 'E2', match: { status: 'processing' }, action: { kind: 'answer', status: 404 } });
  site.goflow.faults.add({ endpoint: 'E2', match: { status: 'completed' }, action: { kind: 'answer', status: 400 } });
  for (const step of ['processing', 'completed']) {
    const held = await until(step, async () => {
      const progress = await site.progress(job);
      return progress.phase === 'holding' && progress.waitingFor?.includes(step) ? progress : undefined;
    });
    expect(held.waitingFor).toContain('an operator');
    await site.project(job).executeUpdate(wordUpdates.retry, { args: [{}] });
  }
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('while GoFlow does not take the report, the operator sends it at once instead of waiting', async () => {
  const site = await openSite({ settings: { goflow: { slowRetrySeconds: 300 } } });
  const job = site.enqueue({ images: 1, analyses: 1 });
  site.goflow.faults.add({ endpoint: 'E4', action: { kind: 'answer', status: 401 } });
  const waiting = await site.untilPhase(job, 'waiting-for-goflow');
  expect(waiting.waitingFor).toMatch(/GoFlow since .*report/);
  await site.project(job).executeUpdate(wordUpdates.retry, { args: [{ step: 'report' }] });
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('a signal or update with wrong input never hurts: refused or ignored, visibly', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 200 }] });
  const wrong = [[], ['nonsense'], [[1, 2]], [{ mediaID: 'x' }], [null], [{ mediaId: 7 }]];
  for (const args of wrong) {
    const job = site.enqueue({ images: 2, analyses: 3 });
    await until('the project runs', () => site.progress(job));
    const project = site.project(job);
    for (const word of ['retry', 'accept', 'pause', 'resume', 'cancel']) {
      await project.signal(word, ...args);
      const update = project.executeUpdate(word, { args: args as [unknown] });
      await expect(update, `${word} ${JSON.stringify(args)}`).rejects.toThrow(WorkflowUpdateFailedError);
    }
    const { ignoredSignals } = await site.progress(job);
    expect(ignoredSignals).toHaveLength(5);
    await site.finished(job);
    expectCompleted(site, job);
  }
  await site.close();
});

test('a payload that cannot be decoded is ignored, visibly', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 200 }] });
  const job = site.enqueue({ images: 1, analyses: 4 });
  await until('the project runs', () => site.progress(job));
  const payloads = [
    { metadata: { encoding: Buffer.from('foo/bar') }, data: Buffer.from('{}') },
    { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"mediaId":') },
    { metadata: {}, data: Buffer.from('{}') },
  ];
  for (const payload of payloads)
    await site.client.workflowService.signalWorkflowExecution({
      namespace: site.namespace,
      workflowExecution: { workflowId: site.project(job).workflowId },
      signalName: 'retry',
      input: { payloads: [payload] },
    });
  await until('they are shown', async () => (await site.progress(job)).ignoredSignals.length === 3);
  expect((await site.progress(job)).ignoredSignals.every((text) => text.includes('cannot be decoded'))).toBe(true);
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('half a surrogate pair and a text of megabytes are refused or end one project, and never a worker', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 200 }] });
  const other = site.enqueue({ images: 1, analyses: 3 });
  const job = site.enqueue({ images: 1, analyses: 20 });
  await until('both run', () => Promise.all([site.progress(job), site.progress(other)]));
  const project = site.project(job);
  const half = '\ud83d';
  const long = 'x'.repeat(1_600_000);
  for (const input of [{ [half]: 1 }, { reason: long }]) {
    const update = project.executeUpdate('cancel', { args: [input] as [unknown] });
    await expect(update).rejects.toThrow(WorkflowUpdateFailedError);
  }
  await project.signal('cancel', { reason: long });
  await until('it is ignored', async () => (await site.progress(job)).ignoredSignals.length === 1);
  expect((await site.progress(job)).ignoredSignals[0]).toContain('reason: must not be longer than 1000 characters');
  await project.signal('cancel', { reason: half });
  await expect(site.finished(job)).rejects.toThrow(WorkflowFailedError);
  expect((await site.progress(job)).phase).toBe('cancelled');
  await site.finished(other);
  await site.close();
});

test('words that are not legal in the phase are refused with the reason', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 300 }] });
  const job = site.enqueue({ images: 1, analyses: 3 });
  await site.untilPhase(job, 'processing');
  const say = (word: string, input: object) => site.project(job).executeUpdate(word, { args: [input] });
  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'accepted',
      (error: unknown) => String((error as Error).cause),
    );
  expect(await reasonOf(say('resume', {}))).toContain('not paused');
  expect(await reasonOf(say('accept', { reason: 'x' }))).toContain('holds');
  expect(await reasonOf(say('retry', {}))).toContain('nothing that failed matches');
  expect(await reasonOf(say('retry', { mediaId: 'nope' }))).toContain('mediaId: nope is not an image of this project');
  expect(await reasonOf(say('retry', { step: 'report' }))).toContain('does not wait for its report');
  await site.finished(job);
  await site.close();
});
