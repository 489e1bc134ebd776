import { validateBody } from './bodies.ts';
import type { JobMembers } from './job.ts';
import {
  combinationOf,
  fingerprintOf,
  runNumber,
  runOf,
  statusOf,
  type Accepted,
  type LedgerCall,
  type LedgerState,
  type Project,
  type Run,
} from './ledger-state.ts';
import { findViolations } from './rules.ts';

/** How the ledger answers a call. */
interface Verdict {
  readonly status: number;
  readonly body: unknown;
  /** The call counted: it changed what the upstream holds. */
  readonly committed: boolean;
  /** The stored answer of an earlier call with the same key and body. */
  readonly replayed: boolean;
}

/** What the upstream holds, and whether its clients keep to the rules. No HTTP and no clock in here. */
export interface Ledger {
  readonly state: LedgerState;
  register(job: JobMembers, options?: { expectComplete?: boolean | undefined }): void;
  /** To be told of every call at its arrival, faults or not; returns the violations. */
  arrived(call: LedgerCall): string[];
  /** Processes a call that has arrived. */
  commit(call: LedgerCall): Verdict;
}

export function createLedger(honoursKeys: boolean): Ledger {
  const state: LedgerState = { honoursKeys, projects: new Map(), keys: new Map() };
  return {
    state,
    register(job, { expectComplete = true } = {}) {
      const known = state.projects.get(job.project.id);
      if (known) Object.assign(known, { job, expectComplete });
      else state.projects.set(job.project.id, { job, expectComplete, runs: new Map() });
    },
    arrived(call) {
      const violations = findViolations(state, call);
      const key = call.idempotencyKey;
      if (key !== undefined && !state.keys.has(key)) state.keys.set(key, { fingerprint: fingerprintOf(call) });
      return violations;
    },
    commit(call) {
      const use = call.idempotencyKey === undefined ? undefined : state.keys.get(call.idempotencyKey);
      if (honoursKeys && use) {
        if (use.fingerprint !== fingerprintOf(call)) return refuse(409, 'this key belongs to another request');
        if (use.accepted) return { ...use.accepted, committed: false, replayed: true };
      }
      const verdict = processCall(state, call);
      if (verdict.committed && use) use.accepted = { status: verdict.status, body: verdict.body };
      return verdict;
    },
  };
}

function processCall(state: LedgerState, call: LedgerCall): Verdict {
  const project = state.projects.get(call.projectId);
  if (!project) return refuse(404, 'project not found');
  if (call.endpoint === 'E3') {
    if (!project.job.media.some(({ id }) => id === call.mediaId)) return refuse(404, 'media not found');
    if (!project.job.analyses.some(({ id }) => id === call.analysisId)) return refuse(404, 'analysis not found');
  }
  const faults = validateBody(call.endpoint, call.body);
  if (faults.length > 0) return refuse(422, faults);
  const run = runOf(state, project, call);
  const verdict = addToRun(project, run, call);
  if (verdict.committed) project.runs.set(runNumber(state, call), run);
  return verdict;
}

function addToRun(project: Project, run: Run, call: LedgerCall): Verdict {
  switch (call.endpoint) {
    case 'E2':
      return statusOf(call) === 'processing' ? startProcessing(run, call) : complete(run, call);
    case 'E3':
      return addResult(project, run, call);
    case 'E4':
      return addReport(run, call);
  }
}

function startProcessing(run: Run, call: LedgerCall): Verdict {
  if (run.processing) return refuse(400, 'already processing');
  run.processing = toAccepted(call, 200);
  return accept(200, { id: call.projectId, status: 'processing' });
}

function complete(run: Run, call: LedgerCall): Verdict {
  if (run.completed) return refuse(400, 'already completed');
  if (!run.processing) return refuse(400, 'the project is not being processed yet');
  run.completed = toAccepted(call, 200);
  return accept(200, { id: call.projectId, status: 'completed' });
}

function addResult(project: Project, run: Run, call: LedgerCall): Verdict {
  const combination = combinationOf(call);
  if (run.results.has(combination)) return refuse(400, `duplicate: ${combination} has a result`);
  const isUpdate = [...project.runs.values()].some((other) => other.results.has(combination));
  const status = isUpdate ? 200 : 201;
  run.results.set(combination, toAccepted(call, status));
  return accept(status, { mediaId: call.mediaId, analysisId: call.analysisId, status: 'completed' });
}

function addReport(run: Run, call: LedgerCall): Verdict {
  if (run.report) return refuse(400, 'already reported');
  if (!run.completed) return refuse(400, 'the project is still open');
  run.report = toAccepted(call, 201);
  return accept(201, { projectId: call.projectId });
}

function toAccepted({ at, idempotencyKey, body, bodySha256 }: LedgerCall, status: number): Accepted {
  return { at, idempotencyKey, status, body, bodySha256 };
}

function accept(status: number, body: unknown): Verdict {
  return { status, body, committed: true, replayed: false };
}

function refuse(status: number, detail: unknown): Verdict {
  return { status, body: { detail }, committed: false, replayed: false };
}
