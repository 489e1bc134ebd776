import type { MediaProgress, Progress } from '../contracts/progress.ts';
import type { ProjectState } from './project-state.ts';

const maxListed = 50;

/** The answer of the query `progress`. */
export function progressOf(state: ProjectState, since: string): Progress {
  const waitingFor = waitingForOf(state);
  const phase = state.phase();
  if (!state.hasPlan) {
    const combinations = state.job.media.length * state.job.analyses.length;
    const totals = { combinations, done: 0, failed: 0, running: 0 };
    return { phase, since, totals, media: [], failures: [], ignoredSignals: state.ignored, ...waitingFor };
  }
  const media = state.plan.media.map((item) => mediaProgress(state, item.id, item.filename));
  const { combinations, failed } = state.combinations.counts();
  const done = sum(media, (item) => item.done);
  const running = sum(media, (item) => (item.state === 'analysing' ? item.total - item.done - item.failed : 0));
  return {
    phase,
    since,
    totals: { combinations, done, failed, running },
    media,
    ...waitingFor,
    planDigest: state.plan.digest,
    failures: state.combinations
      .failures()
      .slice(0, maxListed)
      .map(({ mediaId, outcome: { analysisId, code, message } }) => ({ mediaId, analysisId, code, message })),
    ignoredSignals: state.ignored,
  };
}

function mediaProgress(state: ProjectState, mediaId: string, filename: string): MediaProgress {
  const counts = state.combinations.counts(mediaId);
  const running = state.running.get(mediaId);
  const reported = running ? new Set([...running.accepted, ...running.seen]).size : 0;
  const done = counts.done + Math.min(reported, counts.running);
  const base = { mediaId, filename, done, failed: counts.failed, total: counts.combinations };
  const host = running?.host !== undefined && { host: running.host };
  // an image may be staged long before "processing" is accepted; and once a project is over nothing is at work
  if (running?.staged && !state.hold && !state.ending) return { ...base, state: 'analysing', ...host };
  if (running && !state.ending) return { ...base, state: 'staging', ...host };
  if (running) return { ...base, state: 'waiting' };
  if (counts.open > 0) return { ...base, state: 'waiting' };
  return { ...base, state: counts.failed > 0 ? 'failed' : 'done' };
}

function waitingForOf(state: ProjectState): { waitingFor?: string } {
  if (state.ending) return {};
  const { waitingForGoflow, hold } = state;
  if (waitingForGoflow) {
    const since = new Date(waitingForGoflow.sinceMs).toISOString();
    return { waitingFor: `GoFlow since ${since}: ${waitingForGoflow.call}: ${waitingForGoflow.reason}` };
  }
  if (hold) return { waitingFor: `an operator: ${hold.reason}` };
  if (state.paused) return { waitingFor: 'an operator: resume' };
  if (state.phase() === 'waiting-for-gpu') return { waitingFor: 'a GPU host with room' };
  return {};
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);
