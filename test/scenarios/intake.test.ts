import { expect, test } from 'vitest';
import { scheduleId } from '../../workflows/goflow/contracts/ids.ts';
import { buildJob, type Job } from '../stand-ins/goflow/job.ts';
import { expectCompleted } from '../support/expectations.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';

const projects = async (site: Site) => {
  const found = [];
  for await (const project of site.client.workflow.list({ query: "WorkflowType = 'goflowProject'" }))
    found.push(project);
  return found;
};

test('the same job handed out again while it runs, and after it completed, starts nothing new', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 500 }] });
  const job = site.enqueue({ images: 1, analyses: 4 });
  site.goflow.enqueue(job);
  await until('both were handed out', () => site.goflow.queued() === 0);
  await site.finished(job);
  site.goflow.enqueue(job);
  await until('the refusal is logged', () => site.log().split('a job was handed out again').length > 2);
  expectCompleted(site, job);
  expect(await projects(site)).toHaveLength(1);
  // the intake is alive
  const next = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(next);
  await site.close();
});

const valid = buildJob({ images: 2, analyses: 2, seed: 'valid' });
type Mapping = Record<string, unknown>;

/** The valid job with one value of one of its mappings changed, or taken out (undefined). */
function edited(path: readonly (string | number)[], value?: unknown): unknown {
  const job: unknown = structuredClone(valid);
  const parent = path.slice(0, -1).reduce((at, key) => (at as Mapping)[key], job) as Mapping;
  Object.assign(parent, { [path.at(-1) ?? '']: value });
  return JSON.parse(JSON.stringify(job));
}

const malformed: [string, unknown, string][] = [
  ['not JSON', '{"client": {', '(body): not JSON'],
  ['a list', [], '(body)'],
  ['null', null, '(body)'],
  ...[
    ...['client', 'project', 'media', 'analyses'].map((name) => [name]),
    ...['id', 'slug', 'name'].map((name) => ['client', name]),
    ...['id', 'slug', 'name'].map((name) => ['project', name]),
    ...['id', 'filename', 'optimised_path', 'greyscale_path'].map((name) => ['media', 1, name]),
    ...['id', 'name', 'slug'].map((name) => ['analyses', 0, name]),
  ].map((path): [string, unknown, string] => [`no ${path.join('.')}`, edited(path), `${path.join('.')}:`]),
  ['a number for a name', edited(['project', 'name'], 5), 'project.name:'],
  ['an id that is no UUID', edited(['media', 0, 'id'], 'x'), 'media.0.id: must be a UUID'],
  ['no images', edited(['media'], []), 'media: must hold at least one image'],
  ['a duplicate id', edited(['media', 1, 'id'], valid.media[0]?.id), 'media.1.id: duplicate id'],
];

test('malformed jobs become failed, visible projects that name the field, and the intake lives on', async () => {
  const site = await openSite({ settings: { intake: { pollIntervalSeconds: 0.05 } } });
  const seen = new Set<string>();
  for (const [name, body, field] of malformed) {
    // a project id of its own each, where the body still has one
    const job = structuredClone(body) as { project?: { id?: unknown } } | null;
    const id = buildJob({ images: 1, analyses: 1, seed: name }).project.id;
    if (job?.project?.id !== undefined) job.project.id = id;
    site.goflow.enqueue(job);
    const { workflowId } = await until(`a project for ${name}`, async () =>
      (await projects(site)).find((project) => !seen.has(project.workflowId)),
    );
    seen.add(workflowId);
    const failing = site.client.workflow.getHandle(workflowId).result();
    await expect(failing, name).rejects.toMatchObject({ cause: { message: expect.stringContaining(field) as string } });
    if (job?.project?.id !== undefined) expect(workflowId).toBe(`project-${id}`);
  }
  const good = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(good);
  expectCompleted(site, good);
  await site.close();
});

test('intake takes no more jobs than the limits allow, and goes on when a project has ended', async () => {
  const site = await openSite({
    hosts: [{ slots: 1, latencyMs: 300 }],
    settings: { intake: { maxConcurrentProjects: 1 } },
  });
  const jobs = [1, 2, 3].map(() => site.enqueue({ images: 1, analyses: 3 }));
  await until('the first one was handed out', () => site.goflow.queued() === 2);
  for (const job of jobs) await site.finished(job);
  const spans = await Promise.all(jobs.map(async (job) => site.project(job).describe()));
  spans.slice(1).forEach((span, index) => {
    expect(span.startTime.getTime()).toBeGreaterThanOrEqual((spans[index]?.closeTime ?? new Date(0)).getTime() - 500);
  });
  await site.close();
});

test('a paused schedule stops a run that is already polling', async () => {
  const site = await openSite();
  const schedule = site.client.schedule.getHandle(scheduleId);
  await until('it polls', () => site.goflow.calls().length > 0);
  await schedule.pause('a test');
  await until('it has noticed', async () => {
    const before = site.goflow.calls().length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return site.goflow.calls().length === before;
  });
  const job: Job = site.enqueue({ images: 1, analyses: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(site.goflow.queued()).toBe(1);
  await schedule.unpause();
  await site.finished(job);
  await site.close();
});

test('an idle intake is one run, and adds almost no events', async () => {
  const site = await openSite({ settings: { intake: { pollIntervalSeconds: 0.05 } } });
  await site.goflow.waitFor((goflow) => goflow.calls().length > 15, { timeoutMs: 30_000 });
  for await (const { workflowId, historyLength } of site.client.workflow.list({
    query: "WorkflowType = 'goflowIntake'",
  })) {
    expect(workflowId).toMatch(/^goflow-intake-/);
    expect(historyLength).toBeLessThan(12);
  }
  // what the schedule does not know of, it would start beside
  const { info } = await site.client.schedule.getHandle(scheduleId).describe();
  expect(info.runningActions).toHaveLength(1);
  await site.close();
});

test('a run of the intake ends after its window, and the next one polls on', async () => {
  const site = await openSite({ settings: { intake: { windowMinutes: 0.03 } } });
  await until('a run has ended', async () => {
    for await (const { status } of site.client.workflow.list({ query: "WorkflowType = 'goflowIntake'" }))
      if (status.name === 'COMPLETED') return true;
    return false;
  });
  await site.client.schedule.getHandle(scheduleId).trigger();
  const job = site.enqueue({ images: 1, analyses: 1 });
  await site.finished(job);
  await site.close();
});
