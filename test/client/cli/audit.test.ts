import { randomUUID } from 'node:crypto';
import { appendFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StartedProject } from '../../../client/operations/start-project.ts';
import type { AuditReport } from '../../../client/operations/verify-audit.ts';
import { digestOfLine } from '../../../config/audit-chain.ts';
import { auditFolderIn, openAuditLog } from '../../../config/audit-log.ts';
import { buildJob } from '../../stand-ins/goflow/job.ts';
import { audited } from '../../support/audited.ts';
import { openSite } from '../../support/site.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/wait.ts';
import { gf25, gf25Json, gf25OnFullDisk, gf25WithFewFiles } from './gf25.ts';
import { tryOut } from './quiet-cli.ts';

test('what an operator does in the CLI is recorded with who did it and what came of it', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 30_000 }] });
  const stateFolder = await temporaryFolder();
  const env: Record<string, string> = { ...site.environment(), GF25_STATE_DIR: stateFolder };
  const jobs = [1, 2].map(() => buildJob({ seed: randomUUID(), images: 1, analyses: 6 }));
  const ids = jobs.map(({ project }) => project.id);
  const [first = ''] = ids;
  for (const job of jobs) {
    site.goflow.registerProject(job, { expectComplete: false });
    const file = join(site.stateFolder, `${job.project.id}.json`);
    await writeFile(file, JSON.stringify(job));
    await gf25Json<StartedProject>(env, 'submit', file);
  }
  await until('both are listed', async () => (await gf25Json<unknown[]>(env, 'projects', 'list')).length === 2);
  await site.untilPhase(jobs[0] ?? buildJob({ images: 1, analyses: 1 }), 'processing');
  expect((await gf25(env, 'projects', 'show', first)).code).toBe(0);
  expect((await gf25(env, 'projects', 'pause', `project-${first}`)).code).toBe(0);
  expect((await gf25(env, 'projects', 'accept', first, '--reason', 'too early')).code).toBe(1);
  expect((await gf25(env, 'projects', 'rerun', 'nobody')).code).toBe(3);
  expect((await gf25(env, 'projects', 'cancel', '--open', '--reason', 'preview')).code).toBe(0);
  expect((await gf25(env, 'projects', 'cancel', '--open', '--reason', 'the end', '--yes')).code).toBe(0);
  expect((await gf25(env, 'intake', 'pause', '--note', `with ${env['GOFLOW_API_KEY'] ?? ''}`)).code).toBe(0);
  expect((await gf25({ ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'intake', 'poll')).code).toBe(4);

  const records = await audited(stateFolder, 'operators');
  const by = { via: 'cli', who: userInfo().username, host: hostname() };
  for (const record of records) expect(record).toMatchObject(by);
  const [submitted, , paused, accepted, rerun, ...others] = records;
  expect(submitted).toMatchObject({
    ...{ verb: 'project.submit', projectId: first, answer: 'accepted', result: { projectId: first, images: 1 } },
  });
  expect(paused).toMatchObject({ verb: 'project.pause', projectId: first, answer: 'accepted' });
  expect(accepted).toMatchObject({
    ...{ verb: 'project.accept', projectId: first, input: { reason: 'too early' }, answer: 'refused', code: 'Refused' },
  });
  expect(rerun).toMatchObject({ verb: 'project.rerun', projectId: 'nobody', answer: 'refused', code: 'NotFound' });
  const [one, two, whole, intake, poll, ...more] = others;
  expect([one?.['projectId'], two?.['projectId']].sort()).toEqual([...ids].sort());
  for (const each of [one, two])
    expect(each).toMatchObject({ verb: 'project.cancel', input: { reason: 'the end' }, answer: 'accepted' });
  expect(whole).toMatchObject({
    ...{ verb: 'project.cancel', filter: { open: true }, answer: 'accepted', result: { projects: 2, done: 2 } },
  });
  expect(new Set([one, two, whole].map((record) => record?.['correlationId']))).toHaveProperty('size', 1);
  expect(intake).toMatchObject({ verb: 'intake.pause', input: { note: 'with [redacted]' }, answer: 'accepted' });
  expect(poll).toMatchObject({ verb: 'intake.poll', answer: 'failed', code: 'TemporalUnreachable' });
  expect(more).toEqual([]);

  const report = await gf25Json<AuditReport>(env, 'audit', 'verify');
  expect(report).toMatchObject({ intact: true, records: records.length });
  const [file = ''] = await readdir(auditFolderIn(stateFolder));
  await rm(join(auditFolderIn(stateFolder), file));
  expect((await gf25(env, 'audit', 'verify')).stdout).toContain(`${file}: is missing`);
  await site.close();
});

test('without a place for its record nothing is done, but all can be seen', async () => {
  const site = await openSite();
  const stateFolder = await temporaryFolder();
  const env = { ...site.environment(), GF25_STATE_DIR: stateFolder };
  await appendFile(auditFolderIn(stateFolder), 'a file in its place');
  await until('the schedule is there', async () => (await gf25(env, 'intake', 'show')).code === 0);
  const refused = await gf25(env, 'intake', 'pause');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`the audit in ${auditFolderIn(stateFolder)} cannot be written, so nothing was done`);
  expect(refused.stderr).toContain('GF25_STATE_DIR');
  expect(await gf25Json(env, 'intake', 'show')).toMatchObject({ paused: false });
  await rm(auditFolderIn(stateFolder));
  expect((await gf25(env, 'intake', 'pause')).code).toBe(0);
  await site.close();
});

test('on a full disk nothing is done; on one that fills up meanwhile it is done, and its record said aloud', async () => {
  const site = await openSite();
  const stateFolder = await temporaryFolder();
  const env = { ...site.environment(), GF25_STATE_DIR: stateFolder };
  await until('the schedule is there', async () => (await gf25(env, 'intake', 'show')).code === 0);
  const refused = await gf25OnFullDisk(0, env, 'intake', 'pause');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('cannot be written, so nothing was done (EFBIG: file too large, write)');
  expect(await gf25Json(env, 'intake', 'show')).toMatchObject({ paused: false });
  expect(await readdir(auditFolderIn(stateFolder))).toEqual([]);

  // the first line finds room, the record does not
  const note = `long ${'x'.repeat(400)}`;
  const done = await gf25OnFullDisk(1, env, 'intake', 'pause', '--note', note);
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain('intake is paused');
  expect(done.stderr).toMatch(
    /^warning: this is not in the audit \(.*EFBIG.*"verb":"intake.pause".*"answer":"accepted"/m,
  );
  expect(await gf25Json(env, 'intake', 'show')).toMatchObject({ paused: true, note });
  expect(await gf25Json(env, 'audit', 'verify')).toMatchObject({
    intact: true,
    records: 0,
    files: [{ isCutOff: true }],
  });
  await site.close();
});

test('a job with the longest names and as many analyses as may be is started', async () => {
  const site = await openSite({ start: false });
  const job = buildJob({ seed: randomUUID(), images: 1, analyses: 100 });
  const long = '名'.repeat(190);
  const file = join(site.stateFolder, 'job.json');
  const analyses = job.analyses.map((analysis, index) => ({ ...analysis, slug: `${long}${index}`, name: long }));
  await writeFile(file, JSON.stringify({ ...job, project: { ...job.project, name: long }, analyses }));
  await gf25Json<StartedProject>(site.environment(), 'submit', file);
  const details = await (await site.project(job).describe()).staticDetails();
  expect(details).toContain('1 image x 100 analyses');
  await site.project(job).terminate();
  await site.close();
});

test('an audit is held against what was noted down of it: a digest, or an answer of earlier', async () => {
  const dir = await temporaryFolder();
  const audit = openAuditLog<object>({ folder: dir, name: 'operators', redact: (text) => text });
  await audit.record({ verb: 'intake.pause' });
  await audit.close();
  const verify = (...args: string[]) => tryOut(['audit', 'verify', '--dir', dir, ...args]);
  const earlier = (await verify('--json')).stdout;
  const [file] = (JSON.parse(earlier) as AuditReport).files;
  const witness = join(await temporaryFolder(), 'witness.json');
  await writeFile(witness, earlier);
  const good = await verify('--witness', witness, '--expect-head', file?.head ?? '');
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toContain('as they were written, and all 2 expected lines are among them');

  await rm(join(dir, file?.file ?? ''));
  expect(await verify()).toMatchObject({ code: 0 });
  expect(await verify('--expect-head', file?.head ?? '')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('is gone') as string,
  });
  expect(await verify('--witness', witness)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('is gone') as string,
  });
  expect(await verify('--expect-head', 'abc')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('64 hex digits are expected') as string,
  });
  await writeFile(witness, '{"files": 1}');
  expect(await verify('--witness', witness)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is no witness[^]*files/) as string,
  });
});

test('the files of many actions are verified by a process that may open only a few at once', async () => {
  const folder = await temporaryFolder();
  const first = JSON.stringify({ witnessed: [], prev: null });
  const text = `${first}\n${JSON.stringify({ prev: digestOfLine(first) })}\n`;
  await Promise.all(Array.from({ length: 900 }, (_, file) => writeFile(join(folder, `operators-${file}.jsonl`), text)));
  const verified = await gf25WithFewFiles(300, {}, 'audit', 'verify', '--dir', folder, '--json');
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true, records: 900 });
});
