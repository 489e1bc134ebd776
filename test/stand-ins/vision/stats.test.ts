import { expect, test } from 'vitest';
import type { CallRecord } from './records.ts';
import { statsOf } from './stats.ts';

const base: CallRecord = {
  id: 1,
  model: 'm',
  imageSha256: undefined,
  promptSha256: undefined,
  prompt: '',
  messages: [],
  receivedAtMs: 0,
  startedAtMs: 0,
  firstByteAtMs: undefined,
  endedAtMs: undefined,
  slot: 0,
  encoded: false,
  outcome: 'answered',
  status: 200,
};
const call = (
  receivedAtMs: number,
  startedAtMs: number | undefined,
  endedAtMs: number | undefined,
  more: Partial<CallRecord> = {},
): CallRecord => ({
  ...base,
  receivedAtMs,
  startedAtMs,
  endedAtMs,
  ...more,
});

test('nothing happened, nothing is counted', () => {
  expect(statsOf([], [])).toMatchObject({
    answered: 0,
    maxInFlight: 0,
    maxRunning: 0,
    busyLanesAverage: 0,
    firstStartedAtMs: undefined,
  });
});

test('lanes are averaged between the first start and the last end', () => {
  const calls = [call(0, 100, 200), call(0, 100, 300), call(0, 200, 300)];
  expect(statsOf(calls, [])).toMatchObject({
    busyLanesAverage: 2,
    maxRunning: 2,
    maxInFlight: 3,
    firstStartedAtMs: 100,
    lastEndedAtMs: 300,
  });
});

test('a slot handed over at one moment is one lane', () => {
  expect(statsOf([call(0, 0, 100), call(0, 100, 200)], [])).toMatchObject({ maxRunning: 1, busyLanesAverage: 1 });
});

test('a window counts the part inside', () => {
  const calls = [call(0, 0, 100, { encoded: true }), call(90, 100, 200, { encoded: true }), call(150, 200, 300)];
  expect(statsOf(calls, [50, 150], { fromMs: 60, toMs: 200 })).toMatchObject({
    answered: 2,
    received: 2,
    encodes: 1,
    loads: 1,
    busyLanesAverage: 1,
    firstStartedAtMs: 60,
    lastEndedAtMs: 200,
  });
});

test('calls that have not ended or never started are in flight, and outcomes are told apart', () => {
  const calls = [
    call(0, 10, undefined, { outcome: undefined }),
    call(0, 10, 20),
    call(5, undefined, 30, { outcome: 'aborted' }),
    call(6, undefined, 7, { outcome: 'refused' }),
  ];
  expect(statsOf(calls, [])).toMatchObject({
    maxInFlight: 4,
    maxRunning: 2,
    answered: 1,
    aborted: 1,
    refused: 1,
    failed: 0,
  });
});
