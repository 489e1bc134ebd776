import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
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
}

/** One JSON line per record, one file per day, appended: several processes may share the folder. */
export function createAudit(folder: string, redact: Redact): Audit {
  const ready = mkdir(folder, { recursive: true });
  return {
    async record(record) {
      await ready;
      const at = new Date().toISOString();
      const line = redact(JSON.stringify({ at, pid: process.pid, ...record }));
      await appendFile(join(folder, `goflow-${at.slice(0, 10)}.jsonl`), `${line}\n`);
    },
  };
}

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
