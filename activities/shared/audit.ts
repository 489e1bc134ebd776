import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redact } from './redact.ts';

/** One call to GoFlow: who, when, what, and what came back, as digests. Never a body, never the key. */
export interface AuditRecord {
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  readonly projectId?: string;
  readonly mediaId?: string;
  readonly analysisId?: string;
  readonly attempt: number;
  readonly idempotencyKey?: string;
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;
  readonly error?: string;
  readonly durationMs: number;
  readonly requestSha256?: string;
  readonly responseSha256?: string;
}

export interface Audit {
  record(record: AuditRecord): Promise<void>;
  close(): Promise<void>;
}

/** One JSON line per record, one file per day, appended: several processes may share the folder. */
export function createAudit(folder: string, redact: Redact): Audit {
  let current: { day: string; file: Promise<FileHandle> } | undefined;

  const openDay = async (day: string, before: Promise<FileHandle> | undefined): Promise<FileHandle> => {
    await before?.then((file) => file.close());
    await mkdir(folder, { recursive: true });
    return open(join(folder, `goflow-${day}.jsonl`), 'a');
  };
  const fileFor = (day: string): Promise<FileHandle> => {
    if (current?.day !== day) current = { day, file: openDay(day, current?.file) };
    return current.file;
  };

  return {
    async record(record) {
      const at = new Date().toISOString();
      const line = redact(JSON.stringify({ at, pid: process.pid, ...record }));
      const file = await fileFor(at.slice(0, 10));
      await file.write(`${line}\n`);
    },
    async close() {
      await current?.file.then((file) => file.close());
      current = undefined;
    },
  };
}

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
