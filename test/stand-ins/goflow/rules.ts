import {
  combinationCount,
  combinationOf,
  fingerprintOf,
  isRepeat,
  rerunOf,
  runOf,
  statusOf,
  type LedgerCall,
  type LedgerState,
  type Project,
} from './ledger-state.ts';

/** After the base of a key: `:rerun-<n>` of a forced re-run, then `:<round>` of a new answer, from 2 on. */
const KEY_SUFFIX = /^(:rerun-[1-9]\d*)?(:([2-9]|[1-9]\d+))?$/;

/**
 * What a client must never send, seen at the arrival of a call: what a fault then does to the call changes nothing.
 * Each text names the values that do not fit.
 */
export function findViolations(state: LedgerState, call: LedgerCall): string[] {
  const project = state.projects.get(call.projectId);
  const found = [...keyViolations(state, call)];
  if (!project) found.push(`unknown projectId "${call.projectId}"`);
  else found.push(...memberViolations(project, call), ...orderViolations(state, project, call));
  return found.map((text) => `${call.endpoint}: ${text} (${call.method} ${call.path})`);
}

function* keyViolations(state: LedgerState, call: LedgerCall): Generator<string> {
  const key = call.idempotencyKey;
  if (key === undefined) {
    yield 'no Idempotency-Key';
    return;
  }
  const base = keyBase(call);
  if (!key.startsWith(base) || !KEY_SUFFIX.test(key.slice(base.length))) {
    yield `the Idempotency-Key is "${key}" but should be "${base}"`;
  }
  const first = state.keys.get(key)?.fingerprint;
  const now = fingerprintOf(call);
  if (first !== undefined && first !== now) yield `one key, two bodies: "${key}" came with ${first} and with ${now}`;
}

/** The key of decision D2, without suffixes. */
function keyBase(call: LedgerCall): string {
  switch (call.endpoint) {
    case 'E2':
      return `${call.projectId}:${statusOf(call) ?? '<status>'}`;
    case 'E3':
      return `${call.projectId}:${combinationOf(call)}`;
    case 'E4':
      return `${call.projectId}:report`;
  }
}

function* memberViolations({ job }: Project, call: LedgerCall): Generator<string> {
  if (call.endpoint !== 'E3') return;
  for (const [name, id, members] of [
    ['mediaId', call.mediaId, job.media],
    ['analysisId', call.analysisId, job.analyses],
  ] as const) {
    if (!members.some((member) => member.id === id)) yield `unknown ${name} "${id}" in project "${call.projectId}"`;
  }
}

function* orderViolations(state: LedgerState, project: Project, call: LedgerCall): Generator<string> {
  if (isRepeat(state, call)) return;
  const run = runOf(state, project, call);
  const status = call.endpoint === 'E2' ? statusOf(call) : undefined;
  if (call.endpoint === 'E3' && !run.processing) yield 'a result before "processing" was accepted';
  if (status === 'completed') {
    if (!run.processing) yield '"completed" before "processing" was accepted';
    const total = combinationCount(project);
    if (project.expectComplete && run.results.size < total) {
      yield `"completed" with ${run.results.size} of ${total} combinations accepted`;
    }
  }
  if (call.endpoint === 'E4' && !run.completed) yield 'the report before "completed" was accepted';
  // Without keys the upstream takes a forced re-run for the first run, which has its report.
  const isUnseenRerun = !state.honoursKeys && rerunOf(call.idempotencyKey) > 0;
  if (run.report && !isUnseenRerun) yield 'a call after the report was accepted';
}
