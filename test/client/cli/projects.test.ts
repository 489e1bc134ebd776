import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Reply } from '../../../client/operations/speak-to-project.ts';
import type { ProjectRow } from '../../../client/operations/describe-project.ts';
import type { ProjectView } from '../../../client/operations/show-project.ts';
import type { CombinationsAnswer } from '../../../client/report/read-combinations.ts';
import { projectRoot } from '../../../config/project-root.ts';
import { compiled } from '../../../tools/local/compiled.ts';
import { expectCompleted } from '../../support/expectations.ts';
import { openSite, type Site } from '../../support/site.ts';
import { until } from '../../support/wait.ts';
import type { Job } from '../../stand-ins/goflow/job.ts';
import { gf25, gf25Json } from './gf25.ts';

/** Makes GoFlow say once that it does not know one combination: the project will hold because of it. */
function refuseOnce({ goflow }: Site, job: Job): { mediaId: string; analysisId: string } {
  const at = { mediaId: job.media[1]?.id ?? '', analysisId: job.analyses[1]?.id ?? '' };
  goflow.faults.add({
    endpoint: 'E3',
    match: { projectId: job.project.id, ...at },
    action: { kind: 'answer', status: 404 },
  });
  return at;
}

test('a running project is listed, shown and watched until it is done', async () => {
  const site = await openSite({ hosts: [{ slots: 2, latencyMs: 1_000 }] });
  const env = site.environment();
  const job = site.enqueue({ images: 4, analyses: 10 });
  await site.untilPhase(job, 'processing');

  const watching = gf25(env, 'projects', 'watch', job.project.id, '--json');
  const [row] = await gf25Json<ProjectRow[]>(env, 'projects', 'list', '--open');
  expect(row).toMatchObject({
    projectId: job.project.id,
    summary: `${job.client.name} · ${job.project.name}`,
    client: job.client.slug,
    phase: 'processing',
    failed: 0,
    status: 'RUNNING',
  });
  const shown = await gf25Json<ProjectView>(env, 'projects', 'show', `project-${job.project.id}`);
  expect(shown.progress).toMatchObject({ phase: 'processing', totals: { combinations: 40 } });
  expect(shown.progress?.media).toHaveLength(4);

  const watched = await watching;
  expect(watched.code).toBe(0);
  const views = watched.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ProjectView);
  expect(views.length).toBeGreaterThan(1);
  expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(views.length);
  expect(views.at(-1)?.progress).toMatchObject({ phase: 'done', totals: { done: 40 } });

  await site.finished(job);
  expect(await gf25Json(env, 'projects', 'show', job.project.id)).toMatchObject({
    project: { status: 'COMPLETED', phase: 'done' },
    progress: { totals: { done: 40, failed: 0 } },
    result: { combinations: 40, done: 40, report: 'accepted' },
  });
  const detailed = await gf25Json<CombinationsAnswer>(env, 'projects', 'show', job.project.id, '--combinations');
  expect(detailed.combinations).toHaveLength(40);
  for (const combination of detailed.combinations ?? [])
    expect(combination).toMatchObject({
      ...{ state: 'accepted', verdict: 'passed', host: 'host-1', attempts: 1, inferences: 1 },
      ...{ inferenceMs: expect.any(Number) as number, promptTokens: expect.any(Number) as number },
    });
  const table = (await gf25(env, 'projects', 'show', job.project.id, '--combinations')).stdout;
  expect(table).toContain(`${job.media[3]?.filename ?? ''}  ${job.analyses[9]?.slug ?? ''}  accepted  passed   host-1`);
  expect(table).toMatch(/spent: .* of lanes in 40 inferences, \d+ tokens in, \d+ out\n$/);
  expect(await gf25Json(env, 'projects', 'list', '--open')).toEqual([]);
  expect(await gf25Json(env, 'projects', 'list', '--phase', 'done')).toMatchObject([{ projectId: job.project.id }]);
  await site.close();
});

test('Ctrl-C ends watching by its signal, and leaves the shell a line of its own', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 60_000 }] });
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.untilPhase(job, 'processing');
  const watch = `${process.execPath} ${compiled('client/cli/main.ts')} projects watch ${job.project.id}`;
  // a terminal of its own; what is typed there arrives as the signal
  const terminal = spawn('script', ['-qefc', watch, '/dev/null'], {
    ...{ cwd: projectRoot, env: { ...process.env, ...site.environment(), TERM: 'xterm' } },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let text = '';
  terminal.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await until('it shows where the project stands', () => text.includes('processing'));
  terminal.stdin.write('\u0003');
  const [code] = (await once(terminal, 'exit')) as [number];
  expect(code).toBe(130);
  expect(text).toMatch(/processing[^\n]*\n$/);
  await gf25(site.environment(), 'projects', 'cancel', job.project.id, '--reason', 'the test is over');
  await site.close();
});

test('a project is paused and resumed, and says no to what makes no sense', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 1_000 }] });
  const env = site.environment();
  const job = site.enqueue({ images: 3, analyses: 4 });
  await site.untilPhase(job, 'processing');
  const paused = await gf25(env, 'projects', 'pause', job.project.id);
  expect(paused).toMatchObject({ code: 0, stderr: '' });
  expect(paused.stdout).toBe(`project ${job.project.id}: paused: what runs ends and is reported\n`);
  expect((await site.progress(job)).phase).toBe('paused');
  const accepted = await gf25(env, 'projects', 'accept', job.project.id, '--reason', 'why not');
  expect(accepted).toMatchObject({ code: 1, stdout: '' });
  expect(accepted.stderr).toContain('only a project that holds with failed combinations can be accepted');

  const resumed = await gf25Json<Reply>(env, 'projects', 'resume', job.project.id);
  expect(resumed).toEqual({ projectId: job.project.id, word: 'resume', message: 'resumed' });
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('a project that holds is retried, one combination by name, and completes', async () => {
  const site = await openSite();
  const env = site.environment();
  const job = site.enqueue({ images: 2, analyses: 3 });
  const { mediaId, analysisId } = refuseOnce(site, job);
  await site.untilPhase(job, 'holding');
  expect(await gf25Json(env, 'projects', 'show', job.project.id)).toMatchObject({
    project: { phase: 'holding', failed: 1 },
    progress: { failures: [{ mediaId, analysisId, code: 'GoFlowNotFound' }] },
  });

  const why = 'an operator: 1 of 6 combinations failed (GoFlowNotFound): retry, accept or cancel';
  expect(await gf25Json(env, 'projects', 'report', job.project.id)).toMatchObject({
    phase: 'holding',
    waitingFor: why,
  });
  expect((await gf25(env, 'projects', 'report', job.project.id)).stdout).toContain(`\nwaits for ${why}\n5 accepted, `);

  const unknown = await gf25(env, 'projects', 'retry', job.project.id, '--media', 'nope');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('mediaId: nope is not an image of this project');
  const both = await gf25(env, 'projects', 'retry', job.project.id, '--media', mediaId, '--step', 'report');
  expect(both.code).toBe(2);
  expect(both.stderr).toContain('{"step": "report"}');

  const retry = ['projects', 'retry', job.project.id, '--media', mediaId, '--analysis', analysisId];
  expect((await gf25Json<Reply>(env, ...retry)).message).toContain('1 failed combination');
  await site.finished(job);
  expectCompleted(site, job);
  await site.close();
});

test('a project that holds is accepted without what failed', async () => {
  const site = await openSite();
  const env = site.environment();
  const job = site.enqueue({ images: 2, analyses: 2 });
  site.goflow.registerProject(job, { expectComplete: false });
  refuseOnce(site, job);
  await site.untilPhase(job, 'holding');
  const silent = await gf25(env, 'projects', 'accept', job.project.id, '--reason', '');
  expect(silent).toMatchObject({ code: 2, stdout: '' });
  expect(silent.stderr).toContain('reason: must not be empty');
  expect((await gf25(env, 'projects', 'accept', job.project.id, '--reason', 'known to be broken')).code).toBe(0);
  expect(await site.finished(job)).toMatchObject({ done: 3, failed: 1 });
  await site.close();
});

test('a cancelled project ends, is watched to its bad end, and takes no more words', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 20_000 }] });
  const env = site.environment();
  const job = site.enqueue({ images: 1, analyses: 2 });
  await site.untilPhase(job, 'processing');
  expect((await gf25(env, 'projects', 'cancel', job.project.id, '--reason', 'wrong images')).code).toBe(0);
  const watched = await gf25(env, 'projects', 'watch', job.project.id);
  expect(watched.code).toBe(1);
  expect(watched.stdout).toContain('cancelled');
  await expect(site.finished(job)).rejects.toThrow();
  expect(await gf25Json(env, 'projects', 'show', job.project.id)).toMatchObject({
    project: { status: 'FAILED', phase: 'cancelled' },
    failure: { code: 'ProjectCancelled', message: 'cancelled by an operator: wrong images' },
  });
  const late = await gf25(env, 'projects', 'pause', job.project.id);
  expect(late.code).toBe(1);
  expect(late.stderr).toContain('is over (FAILED)');
  await site.close();
});

test('what GoFlow accepted of a cancelled project is counted', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 500 }] });
  const env = site.environment();
  const job = site.enqueue({ images: 2, analyses: 8 });
  const accepted = () => site.goflow.calls().filter(({ endpoint, committed }) => endpoint === 'E3' && committed).length;
  await until('some results are accepted', () => accepted() >= 3);
  expect((await gf25(env, 'projects', 'cancel', job.project.id, '--reason', 'wrong images')).code).toBe(0);
  await expect(site.finished(job)).rejects.toThrow();

  const { progress } = await gf25Json<ProjectView>(env, 'projects', 'show', job.project.id);
  expect(progress).toMatchObject({ phase: 'cancelled', totals: { combinations: 16, done: accepted(), failed: 0 } });
  expect(progress?.media.map(({ done }) => done).sort()).toEqual([0, accepted()]);
  expect(await gf25Json(env, 'projects', 'report', job.project.id)).toMatchObject({
    phase: 'cancelled',
    counts: { accepted: accepted(), failed: 0 },
  });
  await site.close();
});

test('without an orchestrator a project is still described, and a word says that nobody answers', async () => {
  const site = await openSite({ start: false });
  const env = site.environment();
  const job = site.enqueue({ images: 1, analyses: 1 });
  const worker = await site.startRole('all');
  await site.finished(job);
  await worker.stop();
  const shown = await gf25Json<ProjectView>(env, 'projects', 'show', job.project.id);
  expect(shown).toMatchObject({ project: { status: 'COMPLETED' }, progress: { phase: 'done' }, result: { done: 1 } });

  await site.client.workflow.start('goflowProject', {
    workflowId: 'project-waits',
    taskQueue: 'goflow',
    args: [{ job, rerun: 0, searchAttributes: false }],
  });
  const waiting = await gf25Json<ProjectView>(env, 'projects', 'show', 'waits');
  expect(waiting.progressUnavailable).toContain('no orchestrator answers');
  const unheard = await gf25(env, 'projects', 'pause', 'waits');
  expect(unheard.code).toBe(1);
  expect(unheard.stderr).toContain('project waits has not answered');
  expect(unheard.stderr).toContain('npm run worker -- orchestrator');
  await site.client.workflow.getHandle('project-waits').terminate('the test is over');
  await site.close();
});

test('a project whose job nobody could read says so, whatever is asked of it', async () => {
  const site = await openSite();
  const env = site.environment();
  site.goflow.enqueue('{"client": {');
  const { projectId, ...row } = await until('it has failed', async () => {
    const rows = await gf25Json<ProjectRow[]>(env, 'projects', 'list', '--phase', 'failed', '--phase', 'holding');
    return rows[0];
  });
  expect(row).toMatchObject({ phase: 'failed', status: 'FAILED', reason: /^MalformedJob: \(body\): not JSON/ });
  expect((await gf25(env, 'projects', 'list', '--phase', 'failed')).stdout).toContain(
    'malformed job · MalformedJob: (',
  );
  expect(await gf25Json(env, 'projects', 'list', '--phase', 'holding')).toEqual([]);
  expect((await gf25(env, 'projects', 'show', projectId)).stdout).toMatch(/phase +failed\n[^]*end +MalformedJob: /);
  for (const [verb, options, code, said] of [
    ['show', [], 0, 'progress  unknown: nothing was begun, since the job was malformed'],
    ['show', ['--combinations'], 0, `project ${projectId} has no plan: its job was malformed`],
    ['watch', [], 1, 'nothing was begun, since the job was malformed'],
    ['report', [], 1, `project ${projectId} has no plan: its job was malformed`],
    ['diagnose', [], 1, 'gf25 submit FILE.json'],
  ] as const) {
    const answer = await gf25(env, 'projects', verb, projectId, ...options);
    const text = answer.stdout + answer.stderr;
    expect(text).toContain(said);
    expect(text).not.toMatch(/register|fault of gf25|rerun/);
    expect(answer.code, text).toBe(code);
  }
  await site.close();
});

test('a namespace without search attributes is listed, too', async () => {
  const site = await openSite();
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(job);
  await site.client.workflow.start('goflowProject', {
    workflowId: 'project-plain',
    taskQueue: 'goflow',
    args: [{ job: { ...job, project: { ...job.project, id: 'plain' } }, rerun: 0, searchAttributes: false }],
  });
  await site.client.workflow.getHandle('project-plain').executeUpdate('pause', { args: [{}] });
  const rows = await gf25Json<ProjectRow[]>(site.environment(), 'projects', 'list');
  expect(rows).toMatchObject([
    { projectId: 'plain', phase: 'paused', failed: 0, status: 'RUNNING' },
    { projectId: job.project.id, phase: 'done', status: 'COMPLETED' },
  ]);
  await site.client.workflow.getHandle('project-plain').terminate('the test is over');
  await site.close();
});

test('what does not exist is not found, and a Temporal that does not answer is named', async () => {
  const site = await openSite({ start: false });
  const env = site.environment();
  for (const verb of ['show', 'watch', 'pause', 'rerun']) {
    const answer = await gf25(env, 'projects', verb, 'nobody');
    expect(answer, verb).toMatchObject({ code: 3, stdout: '' });
    expect(answer.stderr, verb).toContain('there is no project nobody');
  }
  expect(await gf25(env, 'intake', 'show')).toMatchObject({ code: 3, stdout: '' });
  const elsewhere = await gf25({ ...env, TEMPORAL_NAMESPACE: 'no-such-namespace' }, 'projects', 'list');
  expect(elsewhere.code).toBe(3);
  expect(elsewhere.stderr).toContain('TEMPORAL_NAMESPACE');
  const down = await gf25({ ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'projects', 'list', '--json');
  expect(down).toMatchObject({ code: 4, stdout: '' });
  expect(down.stderr).toContain('127.0.0.1:1');
  expect(down.stderr).toContain('TEMPORAL_ADDRESS');
  await site.close();
});
