import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../stand-ins/goflow/job.ts';
import { openSite, type Site } from '../support/site.ts';
import { until } from '../support/wait.ts';

type Line = Readonly<Record<string, unknown>>;

const parsed = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

const said = ['job acquired', 'combinations failed', 'status 400', 'signal ignored', 'analyses completed'];

/** The one id of a project: that of the job that was handed out. */
async function idOf(site: Site, job: Job): Promise<string> {
  const { memo } = await site.project(job).describe();
  return String(memo?.['acquisitionId']);
}

const about = (lines: readonly Line[], { project }: Job) =>
  lines.filter((line) => JSON.stringify(line).includes(project.id));

async function auditOf(site: Site): Promise<Line[]> {
  const folder = join(site.stateFolder, site.hosts[0]?.name ?? '', 'audit');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return parsed(texts.join(''));
}

test('one id leads from the job to every log line, call to GoFlow and audit record of a project', async () => {
  const settings = { project: { mediaInFlight: 2, continueAsNewAfterEvents: 60 } };
  const site = await openSite({ hosts: [{ slots: 2 }], settings });
  const jobs: Job[] = [];
  while (jobs.length < 2) {
    const job = site.enqueue({ images: 5, analyses: 3 });
    jobs.push(job);
    const [media, analysis] = [job.media[4]?.id ?? '', job.analyses[0]?.id ?? ''];
    site.goflow.faults.add({
      endpoint: 'E3',
      match: { mediaId: media, analysisId: analysis },
      action: { kind: 'answer', status: 400, body: { detail: 'no\n{"level":"info","msg":"forged"}' } },
    });
    await site.untilPhase(job, 'holding', 60_000);
    await site.project(job).signal('retry', {});
    await site.project(job).signal('accept', { mistyped: 'while it works' });
    await site.finished(job);
  }

  const audit = await auditOf(site);
  for (const job of jobs) {
    const id = await idOf(site, job);
    const query = `WorkflowId = 'project-${job.project.id}'`;
    let runs = 0;
    for await (const { runId } of site.client.workflow.list({ query })) runs += runId === '' ? 0 : 1;
    expect(runs, 'runs, one after the other').toBeGreaterThan(1);

    // the SDK holds what workflows say back for a moment, to sort it
    const lines = await until('all is in the log', () => {
      const found = about(parsed(site.log()), job);
      const texts = found.map(({ msg }) => String(msg)).join('\n');
      return said.every((text) => texts.includes(text)) ? found : undefined;
    });
    expect(lines.filter(({ correlationId }) => correlationId !== id)).toEqual([]);
    expect(site.log()).not.toContain('\n{"level":"info","msg":"forged"');

    const calls = site.goflow
      .calls()
      .filter(({ projectId, endpoint }) => projectId === job.project.id && endpoint !== 'media');
    expect(new Set(calls.map(({ endpoint }) => endpoint))).toEqual(new Set(['E1', 'E2', 'E3', 'E4']));
    expect(new Set(calls.map(({ correlationId }) => correlationId))).toEqual(new Set([id]));
    const records = about(audit, job);
    expect(records.length).toBeGreaterThan(15);
    expect(new Set(records.map(({ correlationId }) => correlationId))).toEqual(new Set([id]));
  }
  expect(new Set(await Promise.all(jobs.map((job) => idOf(site, job))))).toHaveProperty('size', 2);
  await site.close();
});
