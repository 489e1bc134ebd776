import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type AuditRecord, createAudit, sha256 } from '../../../activities/shared/audit.ts';
import { createRedact } from '../../../config/redact.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => void vi.useRealTimers());

const record: AuditRecord = {
  endpoint: 'submitResult',
  method: 'POST',
  path: '/api/v1/agent/projects/p/media/m/analysis/a',
  projectId: 'p',
  attempt: 1,
  status: 201,
  durationMs: 12,
};

function auditIn(folder: string, secrets: readonly string[] = []) {
  const audit = createAudit(folder, createRedact(secrets));
  onTestFinished(() => audit.close());
  return audit;
}

const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n');

describe('the audit', () => {
  test('appends one line of JSON per record, into one file per day', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 23, 59, 59), toFake: ['Date'] });
    const folder = join(await temporaryFolder(), 'new', 'audit');
    const audit = auditIn(folder);
    await audit.record(record);
    vi.setSystemTime(Date.UTC(2026, 10, 21, 0, 0, 1));
    await audit.record({ ...record, status: 503 });
    await audit.record({ ...record, status: 0, error: 'timeout' });
    expect((await readdir(folder)).sort()).toEqual(['goflow-2026-11-20.jsonl', 'goflow-2026-11-21.jsonl']);
    const [first, end] = await linesOf(join(folder, 'goflow-2026-11-20.jsonl'));
    expect(JSON.parse(first ?? '')).toEqual({ at: '2026-11-20T23:59:59.000Z', pid: process.pid, ...record });
    expect(end).toBe('');
    const second = (await linesOf(join(folder, 'goflow-2026-11-21.jsonl'))).slice(0, -1);
    expect(second.map((line) => (JSON.parse(line) as AuditRecord).status)).toEqual([503, 0]);
  });

  test('of two processes in one folder mixes lines, never pieces of lines', async () => {
    const folder = await temporaryFolder();
    const audits = [auditIn(folder), auditIn(folder)];
    const path = `/${'x'.repeat(3_000)}`;
    await Promise.all(
      Array.from({ length: 100 }, (_, pair) =>
        audits.map((audit, which) => audit.record({ ...record, attempt: 2 * pair + which, path })),
      ).flat(),
    );
    const [file = ''] = await readdir(folder);
    const lines = (await linesOf(join(folder, file))).slice(0, -1).map((line) => JSON.parse(line) as AuditRecord);
    expect(lines.map(({ attempt }) => attempt).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(lines.every((line) => line.path === path)).toBe(true);
  });

  test('holds no secret', async () => {
    const folder = await temporaryFolder();
    await auditIn(folder, ['canary/key']).record({ ...record, path: '/canary/key', error: 'canary%2Fkey' });
    const [file = ''] = await readdir(folder);
    const text = await readFile(join(folder, file), 'utf8');
    expect(text).not.toContain('canary');
    expect(text.match(/\[redacted\]/g)).toHaveLength(2);
  });

  test('goes on with a file that is there already', async () => {
    const folder = await temporaryFolder();
    const first = auditIn(folder);
    await first.record(record);
    await first.close();
    await auditIn(folder).record(record);
    const [file = ''] = await readdir(folder);
    expect(await linesOf(join(folder, file))).toHaveLength(3);
  });

  test('may be closed without a record, and twice', async () => {
    const audit = createAudit(await temporaryFolder(), createRedact([]));
    await audit.close();
    await audit.record(record);
    await audit.close();
    await expect(audit.close()).resolves.toBeUndefined();
  });

  test('says so when its folder cannot be made', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    await writeFile(folder, 'a file in its place');
    const audit = createAudit(folder, createRedact([]));
    await expect(audit.record(record)).rejects.toThrow(/EEXIST|ENOTDIR/);
    await rm(folder);
    await mkdir(folder);
  });
});

test('a digest is SHA-256 in hex', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256(Buffer.from('ü'))).toBe(sha256('ü'));
});
