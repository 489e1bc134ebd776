import type { JobMembers } from './job.ts';

/** An E2, E3 or E4 call, as the ledger looks at it. */
export interface LedgerCall {
  readonly endpoint: 'E2' | 'E3' | 'E4';
  readonly method: string;
  readonly path: string;
  readonly projectId: string;
  /** '' but for E3. */
  readonly mediaId: string;
  readonly analysisId: string;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
  readonly bodySha256: string;
  /** Arrival, ISO 8601. */
  readonly at: string;
}

/** A call that counted. */
export interface Accepted {
  readonly at: string;
  readonly idempotencyKey: string | undefined;
  readonly status: number;
  readonly body: unknown;
  readonly bodySha256: string;
}

/** What was accepted in one run of a project: the ordinary one, or one forced re-run. */
export interface Run {
  processing?: Accepted;
  completed?: Accepted;
  report?: Accepted;
  /** By `<mediaId>:<analysisId>`. */
  readonly results: Map<string, Accepted>;
}

export interface Project {
  job: JobMembers;
  /** False: `completed` before every combination was accepted is no violation. */
  expectComplete: boolean;
  /** By the number in the key's `:rerun-<n>`; 0 without it. */
  readonly runs: Map<number, Run>;
}

interface KeyUse {
  readonly fingerprint: string;
  accepted?: { readonly status: number; readonly body: unknown };
}

export interface LedgerState {
  readonly honoursKeys: boolean;
  readonly projects: Map<string, Project>;
  /** First use of each idempotency key, accepted or not. */
  readonly keys: Map<string, KeyUse>;
}

/** Two calls with one fingerprint are the same call sent again. */
export function fingerprintOf(call: LedgerCall): string {
  return `${call.method} ${call.path} sha256:${call.bodySha256}`;
}

export function combinationOf(ids: { readonly mediaId: string; readonly analysisId: string }): string {
  return `${ids.mediaId}:${ids.analysisId}`;
}

export function combinationCount({ job }: Project): number {
  return job.media.length * job.analyses.length;
}

/** The status an E2 call asks for; undefined when its body has none. */
export function statusOf(call: Pick<LedgerCall, 'body'>): string | undefined {
  const status = (call.body as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'string' ? status : undefined;
}

/** The call repeats an accepted one, byte for byte: its answer was lost, or its sender was killed. */
export function isRepeat(state: LedgerState, call: LedgerCall): boolean {
  const use = call.idempotencyKey === undefined ? undefined : state.keys.get(call.idempotencyKey);
  return use?.accepted !== undefined && use.fingerprint === fingerprintOf(call);
}

/** The run that the call belongs to; an empty one, not yet kept, when it would be the first call of that run. */
export function runOf(state: LedgerState, project: Project, call: LedgerCall): Run {
  return project.runs.get(runNumber(state, call)) ?? { results: new Map() };
}

/** Without keys the upstream cannot tell a forced re-run from the ordinary one. */
export function runNumber(state: LedgerState, call: LedgerCall): number {
  return state.honoursKeys ? rerunOf(call.idempotencyKey) : 0;
}

/** The number in `:rerun-<n>`; 0 without it. */
export function rerunOf(key = ''): number {
  return Number(/:rerun-(\d+)(?::\d+)?$/.exec(key)?.[1] ?? 0);
}
