import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openAuditLog } from '../../config/audit-log.ts';
import { createRedact } from '../../config/redact.ts';
import { verifyAudit } from '../../client/operations/verify-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => void vi.useRealTimers());

interface Given {
  readonly secrets?: readonly string[];
  readonly maxFileBytes?: number;
}

function auditIn(folder: string, { secrets = [], ...more }: Given = {}) {
  const audit = openAuditLog<object>({ folder, name: 'goflow', redact: createRedact(secrets), ...more });
  onTestFinished(() => audit.close());
  return audit;
}

const linesOf = async (folder: string, file: string) =>
  (await readFile(join(folder, file), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the audit', () => {
  test('appends one line of JSON per record, into one file per day', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 23, 59, 59), toFake: ['Date'] });
    const folder = join(await temporaryFolder(), 'new', 'audit');
    const audit = auditIn(folder);
    await audit.record({ status: 201 });
    vi.setSystemTime(Date.UTC(2026, 10, 21, 0, 0, 1));
    await audit.record({ status: 503 });
    await audit.record({ status: 0, error: 'timeout' });
    const files = await readdir(folder);
    expect(files.sort()).toEqual([
      `goflow-2026-11-20-235959000-${process.pid}-1.jsonl`,
      `goflow-2026-11-21-000001000-${process.pid}-2.jsonl`,
    ]);
    const [first = [], second = []] = await Promise.all(files.map((file) => linesOf(folder, file)));
    expect(first.slice(1)).toMatchObject([{ at: '2026-11-20T23:59:59.000Z', pid: process.pid, status: 201 }]);
    expect(second.slice(1)).toMatchObject([{ status: 503 }, { status: 0, error: 'timeout' }]);
  });

  test('goes on in another file once one is large', async () => {
    const folder = await temporaryFolder();
    const audit = auditIn(folder, { maxFileBytes: 1_000 });
    for (let record = 0; record < 30; record += 1) await audit.record({ record, text: 'x'.repeat(100) });
    expect((await readdir(folder)).length).toBeGreaterThan(3);
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 30 });
  });

  test('of several processes in one folder is one file each', async () => {
    const folder = await temporaryFolder();
    vi.useFakeTimers({ toFake: ['Date'] });
    const first = auditIn(folder);
    await first.record({ of: 'first' });
    vi.setSystemTime(Date.now() + 5);
    const second = auditIn(folder);
    await Promise.all(
      Array.from({ length: 100 }, (_, record) => [first.record({ record }), second.record({ record })]).flat(),
    );
    expect(await readdir(folder)).toHaveLength(2);
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 201 });
  });

  test('holds no secret, and is intact without it', async () => {
    const folder = await temporaryFolder();
    await auditIn(folder, { secrets: ['canary/key'] }).record({ path: '/canary/key', error: 'canary%2Fkey' });
    const [file = ''] = await readdir(folder);
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).not.toContain('canary');
    expect(text.match(/\[redacted\]/g)).toHaveLength(2);
    expect((await verifyAudit(folder)).intact).toBe(true);
  });

  test('may be closed without a record, and twice, and goes on after it', async () => {
    const folder = await temporaryFolder();
    const audit = auditIn(folder);
    await audit.close();
    await audit.record({ n: 1 });
    await audit.close();
    await audit.close();
    await audit.record({ n: 2 });
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 2 });
  });

  test('says so when its folder cannot be made, and goes on when it can', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    await writeFile(folder, 'a file in its place');
    const audit = auditIn(folder);
    await expect(audit.record({ n: 1 })).rejects.toThrow(/EEXIST|ENOTDIR/);
    await rm(folder);
    await mkdir(folder);
    await audit.record({ n: 2 });
    expect(await verifyAudit(folder)).toMatchObject({ intact: true, records: 1 });
  });
});
