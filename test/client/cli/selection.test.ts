import { readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BulkReply } from '../../../client/operations/selected-projects.ts';
import type { ProjectRow } from '../../../client/operations/describe-project.ts';
import type { ReportDocument } from '../../../client/report/report-document.ts';
import { buildJob } from '../../stand-ins/goflow/job.ts';
import { openSite } from '../../support/site.ts';
import { until } from '../../support/wait.ts';
import { gf25, gf25Json } from './gf25.ts';

test('projects are selected by options, shown before a word is said to them, and reported', async () => {
  const site = await openSite();
  const env = site.environment();
  const [held, done] = [0, 1].map(() => buildJob({ seed: randomUUID(), images: 1, analyses: 2 }));
  if (!held || !done) throw new Error('two jobs are needed');
  const match = {
    projectId: held.project.id,
    mediaId: held.media[0]?.id ?? '',
    analysisId: held.analyses[0]?.id ?? '',
  };
  site.goflow.faults.add({ endpoint: 'E3', match, action: { kind: 'answer', status: 404 } });
  for (const job of [held, done]) {
    site.goflow.registerProject(job);
    const file = join(site.stateFolder, `${job.project.id}.json`);
    await writeFile(file, JSON.stringify(job));
    await gf25Json(env, 'submit', file);
  }
  await site.finished(done);
  await site.untilPhase(held, 'holding');
  const list = async (...options: string[]) =>
    (await gf25Json<ProjectRow[]>(env, 'projects', 'list', ...options)).map(({ projectId }) => projectId);
  await until('visibility has caught up', async () => (await list('--failed')).length === 1);
  const both = [held.project.id, done.project.id].sort();
  expect(await list('--failed', '--phase', 'holding', '--phase', 'paused')).toEqual([held.project.id]);
  expect((await list('--client', held.client.slug, '--since', '2026-01-01T00:00Z')).sort()).toEqual(both);
  expect(await list('--text', done.project.id.slice(0, 12))).toEqual([done.project.id]);
  expect(await list('--until', '2026-01-01T00:00Z')).toEqual([]);
  expect(await gf25(env, 'projects', 'list', '--phase', 'asleep')).toMatchObject({ code: 2 });
  expect(await gf25(env, 'projects', 'list', '--since', 'yesterday')).toMatchObject({ code: 2 });
  expect(await gf25(env, 'projects', 'list', '--client', "a'b")).toMatchObject({ code: 2 });

  const preview = await gf25(env, 'projects', 'retry', '--client', held.client.slug);
  expect(preview.code).toBe(0);
  expect(preview.stdout).toContain('1 failed combination(s) run again');
  expect(preview.stdout).toContain('is over (COMPLETED)');
  expect(preview.stdout).toContain('nothing was said yet: 1 of 2 would do it; say it with --yes');
  expect((await site.progress(held)).phase).toBe('holding');
  const nothing = await gf25(env, 'projects', 'retry', '--yes');
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toContain('must name at least one condition');
  expect(await gf25(env, 'projects', 'pause', held.project.id, '--open')).toMatchObject({ code: 2 });

  const said = await gf25Json<BulkReply>(env, 'projects', 'retry', '--phase', 'holding', '--yes');
  expect(said).toMatchObject({ dryRun: false, projects: [{ projectId: held.project.id, outcome: 'done' }] });
  await site.finished(held);

  const mayRerun = await gf25(env, 'projects', 'rerun', '--client', held.client.slug);
  expect(mayRerun).toMatchObject({ code: 0, stderr: '' });
  expect(mayRerun.stdout).toContain('has completed: a re-run sends every result to GoFlow again');
  expect(mayRerun.stdout).toContain('nothing was said yet: 0 of 2 would do it; say it with --yes');
  const forced = ['projects', 'rerun', '--text', done.project.id, '--force'];
  expect(await gf25Json<BulkReply>(env, ...forced)).toMatchObject({
    ...{ word: 'rerun', dryRun: true },
    projects: [
      { outcome: 'would', message: 'would run again: 1 image x 2 analyses, everything is sent again as :rerun-1' },
    ],
  });
  expect(await gf25Json<BulkReply>(env, ...forced, '--yes')).toMatchObject({
    projects: [{ projectId: done.project.id, outcome: 'done', message: 'runs again: 1 image x 2 analyses' }],
  });
  await until(
    'it is done again',
    () => site.goflow.project(done.project.id)?.reported && site.goflow.project(done.project.id)?.rerun === 1,
  );
  await site.finished(done);
  expect(await gf25(env, 'projects', 'rerun', done.project.id, '--failed')).toMatchObject({ code: 2 });

  const folder = join(site.stateFolder, 'a new folder', 'report');
  const report = await gf25Json<ReportDocument>(env, 'projects', 'report', held.project.id, '--out', folder);
  expect(report).toMatchObject({ counts: { accepted: 2, failed: 0, pending: 0 }, report: { isAccepted: true } });
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  expect(page).toContain(held.project.name);
  expect(page).toContain('src="data:image/webp;base64,');
  expect(page).not.toMatch(/<script|<link|src="(?!data:)|url\((?!data:)/);
  for (const noFolder of [join(folder, 'index.html'), '/proc/x']) {
    const unwritable = await gf25(env, 'projects', 'report', held.project.id, '--out', noFolder);
    expect(unwritable).toMatchObject({ code: 1, stdout: '' });
    expect(unwritable.stderr).toMatch(/^error: .*index.html cannot be written: .*\nGive a folder/);
  }
  expect(await gf25(env, 'projects', 'report', 'nobody')).toMatchObject({ code: 3 });
  await site.close();
});
