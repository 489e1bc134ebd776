import type { CallRecord } from './records.ts';

/** Part of the monotonic clock, both ends optional. */
export interface TimeWindow {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Sums over a window. Calls that reach over an end of it count with the part inside. */
export interface Stats {
  readonly received: number;
  readonly answered: number;
  readonly aborted: number;
  readonly refused: number;
  readonly failed: number;
  /** Most calls received and not ended at one moment: what the clients had open. */
  readonly maxInFlight: number;
  /** Most calls in a slot at one moment. */
  readonly maxRunning: number;
  /** Average number of calls in a slot between the first start and the last end. */
  readonly busyLanesAverage: number;
  readonly encodes: number;
  /** Times a model was loaded or loaded again. */
  readonly loads: number;
  readonly firstStartedAtMs: number | undefined;
  readonly lastEndedAtMs: number | undefined;
}

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export function statsOf(calls: readonly CallRecord[], loadedAtMs: readonly number[], window: TimeWindow = {}): Stats {
  const fromMs = window.fromMs ?? -Infinity;
  const toMs = window.toMs ?? Infinity;
  const isInside = (atMs: number | undefined): boolean => atMs !== undefined && atMs >= fromMs && atMs <= toMs;
  const intervals = (pick: (call: CallRecord) => number | undefined): Interval[] =>
    calls.flatMap((call) => {
      const startMs = pick(call);
      const endMs = call.endedAtMs ?? Infinity;
      if (startMs === undefined || startMs > toMs || endMs < fromMs) return [];
      return [{ startMs: Math.max(startMs, fromMs), endMs: Math.min(endMs, toMs) }];
    });
  const ended = calls.filter((call) => isInside(call.endedAtMs));
  const count = (outcome: CallRecord['outcome']): number => ended.filter((call) => call.outcome === outcome).length;
  const running = intervals((call) => call.startedAtMs);
  const ends = running.map(({ endMs }) => endMs).filter(Number.isFinite);
  const firstStartedAtMs = least(running.map(({ startMs }) => startMs));
  const lastEndedAtMs = most(ends);
  return {
    received: calls.filter((call) => isInside(call.receivedAtMs)).length,
    answered: count('answered'),
    aborted: count('aborted'),
    refused: count('refused'),
    failed: count('failed'),
    maxInFlight: maxOverlap(intervals((call) => call.receivedAtMs)),
    maxRunning: maxOverlap(running),
    busyLanesAverage: averageOverlap(running, firstStartedAtMs, lastEndedAtMs),
    encodes: calls.filter((call) => call.encoded && isInside(call.startedAtMs)).length,
    loads: loadedAtMs.filter(isInside).length,
    firstStartedAtMs,
    lastEndedAtMs,
  };
}

function averageOverlap(intervals: readonly Interval[], startMs = 0, endMs = 0): number {
  if (endMs <= startMs) return 0;
  const busyMs = intervals.reduce((sum, each) => sum + Math.max(0, Math.min(each.endMs, endMs) - each.startMs), 0);
  return busyMs / (endMs - startMs);
}

/** An end and a start at the same moment are a hand-over, not an overlap. */
function maxOverlap(intervals: readonly Interval[]): number {
  const steps = intervals.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, change: 1 },
    { atMs: endMs, change: -1 },
  ]);
  steps.sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let now = 0;
  let highest = 0;
  for (const { change } of steps) highest = Math.max(highest, (now += change));
  return highest;
}

function least(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((a, b) => Math.min(a, b)) : undefined;
}

function most(values: readonly number[]): number | undefined {
  return values.length ? values.reduce((a, b) => Math.max(a, b)) : undefined;
}
