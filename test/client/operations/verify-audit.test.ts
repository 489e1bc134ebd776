import { appendFile, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../client/operations/errors.ts';
import { verifyAudit } from '../../../client/operations/verify-audit.ts';
import { openAuditLog } from '../../../config/audit-log.ts';
import { createRedact } from '../../../config/redact.ts';
import { failureOf } from '../../support/activity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { sleep } from '../../support/wait.ts';

/** Two processes, one after the other, of five records each. */
async function auditOfTwo() {
  const folder = await temporaryFolder();
  for (const process of ['first', 'second']) {
    const audit = openAuditLog<object>({ folder, name: 'goflow', redact: createRedact([]) });
    for (let attempt = 1; attempt <= 5; attempt += 1) await audit.record({ process, attempt, status: 201 });
    await audit.close();
    // their names hold the time
    await sleep(5);
  }
  const [first = '', second = ''] = (await readdir(folder)).sort();
  return { folder, first, second, pathOf: (file: string) => join(folder, file) };
}

async function editLines(path: string, edit: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  await writeFile(
    path,
    edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

describe('an audit', () => {
  test('as it was written is intact, and says what to note down', async () => {
    const { folder, first, second } = await auditOfTwo();
    expect(await verifyAudit(folder)).toMatchObject({
      intact: true,
      records: 10,
      faults: [],
      files: [
        { file: first, records: 5, head: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        { file: second, records: 5 },
      ],
    });
  });

  test('whose process was killed while it wrote is intact without its last line', async () => {
    const { folder, second, pathOf } = await auditOfTwo();
    await appendFile(pathOf(second), '{"at":"2026-');
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 10, files: [{}, { isCutOff: true }] });
    const next = openAuditLog<object>({ folder, name: 'goflow', redact: createRedact([]) });
    await next.record({ attempt: 1 });
    await next.close();
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 11 });
  });

  const swap = (lines: string[]) => [...lines.slice(0, 2), lines[3] ?? '', lines[2] ?? '', ...lines.slice(4)];
  test.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'a changed record',
      (lines) => lines.map((line, n) => (n === 2 ? line.replace('201', '200') : line)),
      /:4: what stands before it was changed/,
    ],
    ['a removed record', (lines) => lines.filter((_, n) => n !== 3), /:4: what stands before it was changed/],
    ['records in another order', swap, /was changed/],
    [
      'a record of somebody else',
      (lines) => [...lines.slice(0, 2), '{"status":201}', ...lines.slice(2)],
      /:3: is no record/,
    ],
    ['a removed first line', (lines) => lines.slice(1), /:1: is not how a file begins/],
    [
      'its last record changed',
      (lines) => lines.map((line, n) => (n === 5 ? line.replace('201', '200') : line)),
      /is not what goflow.* has seen/,
    ],
    ['its last record removed', (lines) => lines.slice(0, -1), /was cut: goflow.* has seen \d+ bytes of it/],
    ['nothing left', () => [], /is empty/],
  ])('with %s is not', async (_, edit, fault) => {
    const { folder, first, pathOf } = await auditOfTwo();
    await editLines(pathOf(first), edit);
    const report = await verifyAudit(folder);
    expect(report.intact).toBe(false);
    expect(report.faults).toContainEqual(expect.stringMatching(fault));
    expect(report.faults.every((text) => text.startsWith(first))).toBe(true);
  });

  test('with a file missing, or under another name, is not', async () => {
    const { folder, first, second, pathOf } = await auditOfTwo();
    await rename(pathOf(first), pathOf('goflow-2020-01-01-0-1-1.jsonl'));
    expect((await verifyAudit(folder)).faults).toEqual([`${first}: is missing: ${second} has seen it`]);
    await rm(pathOf('goflow-2020-01-01-0-1-1.jsonl'));
    expect((await verifyAudit(folder)).faults).toEqual([`${first}: is missing: ${second} has seen it`]);
  });

  test('that was cut by half a line before a witness came is not', async () => {
    const { folder, first, pathOf } = await auditOfTwo();
    await truncate(pathOf(first), 400);
    expect((await verifyAudit(folder)).faults).toContainEqual(expect.stringContaining('was cut'));
  });

  const cutLast = (lines: string[]) => lines.slice(0, -1);
  const changeLast = (lines: string[]) => lines.with(-1, (lines.at(-1) ?? '').replace('201', '200'));
  test.each([
    ['changed', changeLast],
    ['cut off', cutLast],
  ])('whose newest record was %s is seen through by a head that was noted down', async (_, edit) => {
    const { folder, second, pathOf } = await auditOfTwo();
    const { files } = await verifyAudit(folder);
    const noted = files[1]?.head ?? '';
    await editLines(pathOf(second), edit);
    // no later line has seen it: this is the limit
    expect(await verifyAudit(folder)).toMatchObject({ intact: true });
    expect(await verifyAudit(folder, [{ head: noted }])).toMatchObject({
      intact: false,
      faults: [`in no file: the expected line ${noted} is gone: it was changed or cut off`],
    });
    expect((await verifyAudit(folder, files)).faults).toEqual([
      `${second}: the expected line ${noted} is gone: it was changed or cut off`,
    ]);
  });

  test('that has lost its newest file is seen through, and one that has grown is not suspected', async () => {
    const { folder, second, pathOf } = await auditOfTwo();
    const { files } = await verifyAudit(folder);
    const next = openAuditLog<object>({ folder, name: 'goflow', redact: createRedact([]) });
    await next.record({ attempt: 1 });
    await next.close();
    expect(await verifyAudit(folder, files)).toMatchObject({ intact: true, expected: 2 });
    for (const file of await readdir(folder)) if (file > second) await rm(pathOf(file));
    await rm(pathOf(second));
    expect(await verifyAudit(folder)).toMatchObject({ intact: true });
    expect((await verifyAudit(folder, files)).faults).toEqual([
      expect.stringContaining(`${second}: the expected line`),
    ]);
  });

  test('that is not there is not found', async () => {
    const missing = join(await temporaryFolder(), 'audit');
    expect(await failureOf(verifyAudit(missing))).toBeInstanceOf(NotFoundError);
  });
});
