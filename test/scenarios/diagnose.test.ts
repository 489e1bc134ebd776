import { expect, test } from 'vitest';
import { diagnoseProject } from '../../client/operations/diagnose-project.ts';
import type { Finding } from '../../client/operations/diagnosis/finding.ts';
import { wordUpdates } from '../../workflows/goflow/contracts/messages.ts';
import { buildJob, type Job } from '../stand-ins/goflow/job.ts';
import { gf25 } from '../client/cli/gf25.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';

const diagnose = ({ client, namespace }: Site, job: Job) =>
  diagnoseProject({ client, namespace }, { id: job.project.id });

/** Looks until the worst finding is of this kind. */
const untilFound = (site: Site, job: Job, kind: Finding['kind']): Promise<Finding> =>
  until(kind, async () => {
    const [first] = (await diagnose(site, job)).findings;
    if (first?.kind !== kind) throw new Error(JSON.stringify(first));
    return first;
  });

test('from a site without workers to the report, a project says at each point what it waits for', async () => {
  const site = await openSite({ start: false, settings: { goflow: { slowRetrySeconds: 300 } } });
  const job = buildJob({ seed: 'diagnosed', images: 1, analyses: 2 });
  site.goflow.registerProject(job);
  await site.client.workflow.start('goflowProject', {
    workflowId: `project-${job.project.id}`,
    taskQueue: 'goflow',
    args: [{ job, rerun: 0, searchAttributes: false }],
  });
  expect(await untilFound(site, job, 'no-orchestrator')).toMatchObject({
    severity: 'error',
    commands: ['npm run worker -- orchestrator', expect.stringContaining('temporal task-queue describe') as string],
  });
  const alone = await gf25(site.environment(), 'projects', 'diagnose', job.project.id);
  expect(alone).toMatchObject({ code: 1, stderr: '' });
  expect(alone.stdout).toContain('$ npm run worker -- orchestrator');

  await site.startRole('orchestrator');
  expect((await untilFound(site, job, 'no-io-worker')).commands[0]).toBe('npm run worker -- io');
  await site.startRole('io');
  expect((await untilFound(site, job, 'no-gpu-host')).commands[0]).toBe('npm run worker -- gpu');
  await site.project(job).executeUpdate(wordUpdates.pause, { args: [{}] });
  const { findings } = await diagnose(site, job);
  const paused = findings.find(({ kind }) => kind === 'paused');
  expect(paused).toMatchObject({ severity: 'warning' });
  expect(paused?.commands[0]).toBe(`gf25 projects resume ${job.project.id}`);
  await site.project(job).executeUpdate(wordUpdates.resume, { args: [{}] });

  const at = { mediaId: job.media[0]?.id ?? '', analysisId: job.analyses[0]?.id ?? '' };
  site.goflow.faults.add({ endpoint: 'E3', match: at, action: { kind: 'answer', status: 404 } });
  site.goflow.faults.add({ endpoint: 'E4', action: { kind: 'answer', status: 401 } });
  await site.startRole('gpu');
  const holding = await untilFound(site, job, 'holding');
  expect(holding.message).toMatch(/GoFlowNotFound \(1\): .*mend the other side/);
  expect(holding.commands).toContain(`gf25 projects retry ${job.project.id}`);
  expect(holding.commands).toContain(`gf25 projects accept ${job.project.id} --reason "TEXT"`);
  expect(holding.commands.some((line) => line.startsWith('temporal workflow update execute -n '))).toBe(true);

  await site.project(job).executeUpdate(wordUpdates.retry, { args: [{}] });
  const refused = await untilFound(site, job, 'goflow-unavailable');
  expect(refused.message).toMatch(/^submitReport cannot go on: GoFlowUnauthorized: .*; the next attempt is at 2/);
  // the project hears of it a moment later
  await until('the word that helps is offered', async () => {
    const [{ commands } = { commands: [] }] = (await diagnose(site, job)).findings;
    return commands[0] === `gf25 projects retry ${job.project.id} --step report`;
  });

  await site.project(job).executeUpdate(wordUpdates.retry, { args: [{ step: 'report' }] });
  await site.finished(job);
  expect(await untilFound(site, job, 'finished')).toMatchObject({ severity: 'info' });
  const finished = await gf25(site.environment(), 'projects', 'diagnose', job.project.id);
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  expect(finished.stdout).toContain('2 of 2 combinations done, 0 failed');
  expect(await gf25(site.environment(), 'projects', 'diagnose', 'nobody')).toMatchObject({ code: 3, stdout: '' });
  await site.close();
});

test('a workflow task that fails is found with its failure, and a project at work with its pace', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 300 }] });
  const broken = buildJob({ seed: 'broken', images: 1, analyses: 1 });
  await site.client.workflow.start('goflowProject', {
    workflowId: `project-${broken.project.id}`,
    taskQueue: 'goflow',
    args: [{ job: null, rerun: 0, searchAttributes: false }],
  });
  const found = await untilFound(site, broken, 'workflow-task-fails');
  expect(found.message).toMatch(/now at attempt \d+: .*null/);
  await site.project(broken).terminate('the test is over');
  expect(await untilFound(site, broken, 'ended-badly')).toMatchObject({ severity: 'error' });

  const job = site.enqueue({ images: 2, analyses: 20 });
  await until('some are done', async () => (await site.progress(job)).totals.done > 2);
  expect((await untilFound(site, job, 'progressing')).message).toMatch(
    /^Nothing is wrong: processing, \d+ of 40 done, 0 failed, \d+ at work, [\d.]+ a minute since its start, about \d+ s left/,
  );
  await site.project(job).executeUpdate(wordUpdates.cancel, { args: [{ reason: 'the test is over' }] });
  expect(await untilFound(site, job, 'ended-badly')).toMatchObject({ severity: 'warning' });
  await site.close();
});
