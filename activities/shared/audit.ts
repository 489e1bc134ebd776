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
  /** Sent along, and on every log line of the same job. */
  readonly correlationId?: string;
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;
  readonly error?: string;
  readonly durationMs: number;
  readonly requestSha256?: string;
  readonly responseSha256?: string;
}

/** Where the records go. */
export interface Audit {
  record(record: AuditRecord): Promise<void>;
}
