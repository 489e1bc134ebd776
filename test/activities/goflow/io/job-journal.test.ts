import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createJobJournal } from '../../../../activities/goflow/io/job-journal.ts';
import { readJob } from '../../../../activities/goflow/io/read-job.ts';
import { isMalformed } from '../../../../workflows/goflow/contracts/is-malformed.ts';
import { buildJob } from '../../../stand-ins/goflow/job.ts';
import { sha256 } from '../../../stand-ins/shared/http.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const body = Buffer.from('{"a": "\u00fc"}');

describe('the journal of jobs', () => {
  test('keeps the bytes as they came, and gives the oldest first', async () => {
    const folder = join(await temporaryFolder(), 'new', 'jobs');
    const journal = createJobJournal(folder);
    expect(await journal.oldest()).toBeUndefined();
    const broken = Buffer.from([0xff, 0x00, 0xfe]);
    await journal.write('2026-b', body);
    await journal.write('2025-a', broken);
    expect(await journal.oldest()).toEqual({ acquisitionId: '2025-a', raw: broken });
    expect((await readFile(join(folder, '2026-b.json'))).equals(body)).toBe(true);
  });

  test('lets go of what is settled, known or not', async () => {
    const journal = createJobJournal(await temporaryFolder());
    await journal.write('a', body);
    await journal.settle('a');
    await journal.settle('a');
    await journal.settle('of another host');
    expect(await journal.oldest()).toBeUndefined();
  });

  test('survives the process: another one finds what is left', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).write('a', body);
    expect(await createJobJournal(folder).oldest()).toEqual({ acquisitionId: 'a', raw: body });
  });

  test('does not believe a file that was not written to its end', async () => {
    const folder = await temporaryFolder();
    const journal = createJobJournal(folder);
    await writeFile(join(folder, 'a.json.tmp'), '{"half": ');
    expect(await journal.oldest()).toBeUndefined();
  });

  test('leaves nothing temporary behind', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).write('a', body);
    expect((await readdir(folder)).sort()).toEqual(['a.json', 'malformed']);
  });

  test('keeps a malformed body for the operator, also after the job is settled', async () => {
    const folder = await temporaryFolder();
    const journal = createJobJournal(folder);
    await journal.write('a', body);
    const keptAt = await journal.keepMalformed('a');
    await journal.settle('a');
    expect((await readFile(keptAt)).equals(body)).toBe(true);
    expect(await journal.oldest()).toBeUndefined();
  });

  test('cannot keep a body that is on another host, and does not fail for that', async () => {
    const folder = await temporaryFolder();
    await createJobJournal(folder).keepMalformed('elsewhere');
    expect(await readdir(join(folder, 'malformed'))).toEqual([]);
  });

  test('says so when it cannot write: the job must not be taken for safe', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a.json.tmp'));
    await expect(createJobJournal(folder).write('a', body)).rejects.toThrow(/EISDIR/);
  });
});

describe('the body of E1', () => {
  test('is read as a job', () => {
    const job = buildJob({ images: 2, analyses: 2 });
    expect(readJob(Buffer.from(JSON.stringify(job)))).toEqual(job);
  });

  const good = buildJob({ images: 1, analyses: 1 });

  test.each<[string, unknown, RegExp, boolean]>([
    ['is not JSON', 'hello', /^\(body\): not JSON: /, false],
    ['is empty', '', /^\(body\): not JSON: /, false],
    ['stops in the middle', JSON.stringify(good).slice(0, 200), /^\(body\): not JSON: /, false],
    ['is a web page', '<!doctype html><title>Log in</title>', /^\(body\): not JSON: /, false],
    ['is a list', [good], /^\(body\): /, false],
    ['is null', null, /^\(body\): /, false],
    ['is a number', 7, /^\(body\): /, false],
    ['has no project', { ...good, project: undefined }, /^project: /, false],
    ['has a project without an id', { ...good, project: { slug: 's', name: 'n' } }, /^project\.id: is missing/, false],
    ['has a project id that is none', { ...good, project: { ...good.project, id: '../x' } }, /^project\.id: /, false],
    ['has no images', { ...good, media: [] }, /^media: must hold at least one image/, true],
    ['has a broken image', { ...good, media: [{}] }, /^media\.0\.id: /, true],
    ['has an id twice', { ...good, media: [...good.media, ...good.media] }, /^media\.1\.id: duplicate id/, true],
  ])('that %s is still a job, with faults that name the field', (_, body, fault, namesProject) => {
    const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const job = readJob(raw);
    if (!isMalformed(job)) throw new Error('it was taken for a good job');
    expect(job.faults[0]).toMatch(fault);
    expect(job.bodyDigest).toBe(sha256(raw));
    expect(job.projectId).toBe(namesProject ? good.project.id : undefined);
  });

  test('that is not even text is still a job', () => {
    const raw = Buffer.from([0xff, 0xfe, 0x00, 0x01]);
    expect(readJob(raw)).toMatchObject({ malformed: true, bodyDigest: sha256(raw) });
  });
});
