import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { assertFailure, type Check, failureOf } from './check.ts';
import type { Subject } from './subject.ts';

const requirementMs = 200;
/** A machine that is busy with other tests may need longer now and then. */
const tries = 3;
export const patienceMs = 2_000;

export interface Cancelled {
  /** From the cancellation until the call has ended. */
  readonly tookMs: number;
  /** Until the server knew of it, where it can be asked. */
  readonly atServerMs?: number;
}

/** Holds the quickest of some tries to the requirement. */
export function quickly(cancelOnce: (subject: Subject) => Promise<Cancelled>): Check['run'] {
  return async (subject) => {
    const words: string[] = [];
    while (words.length < tries) {
      const { tookMs, atServerMs } = await cancelOnce(subject);
      words.push(`${tookMs} ms${atServerMs === undefined ? '' : `, at the server ${atServerMs} ms`}`);
      if (Math.max(tookMs, atServerMs ?? 0) <= requirementMs) return words.at(-1) ?? '';
    }
    throw new Error(`more than ${requirementMs} ms each time: ${words.join('; ')}`);
  };
}

/** @returns milliseconds from the cancellation until the call has ended */
export async function cancel(controller: AbortController, call: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  controller.abort(new Error('the test cancels'));
  assertFailure(await failureOf(call), ['cancelled'], 'attempt');
  return Math.round(performance.now() - startedAt);
}

/** @returns milliseconds until the call ended, which it does when its time is over */
export async function timeOut(call: Promise<unknown>, timeoutMs: number): Promise<number> {
  const startedAt = performance.now();
  assertFailure(await failureOf(call), ['timeout'], 'attempt');
  const tookMs = Math.round(performance.now() - startedAt);
  assert.ok(tookMs >= timeoutMs - 5 && tookMs < timeoutMs + patienceMs, `it took ${tookMs} ms`);
  return tookMs;
}
