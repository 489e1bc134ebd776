import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { VisionError, type VisionErrorKind, type VisionErrorScope } from '../../activities/vision/provider.ts';
import type { Subject } from './subject.ts';

/** What a check cannot be made without. */
export type Need = 'provider' | 'server' | 'stand-in';

/** One thing that every provider does, whatever server is behind it. */
export interface Check {
  /** A sentence that goes on after "the provider". */
  readonly name: string;
  readonly needs: Need;
  /**
   * @returns what was found, in words, for a reader who wants figures
   * @throws Error that says what is not so
   */
  readonly run: (subject: Subject) => Promise<string>;
}

export const isApplicable = ({ needs }: Check, { providerAt, standIn }: Subject): boolean =>
  needs === 'provider' || (needs === 'server' && providerAt !== undefined) || standIn !== undefined;

export const never = (): AbortSignal => new AbortController().signal;

/** How a call fails, which it must, with a classified error. */
export async function failureOf(call: Promise<unknown>): Promise<VisionError> {
  const outcome = await call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof VisionError, `a VisionError was expected, but: ${String(outcome)}`);
  assert.ok(outcome.message.length > 0, 'an error says something');
  return outcome;
}

export function assertFailure(error: VisionError, kinds: readonly VisionErrorKind[], scope?: VisionErrorScope): void {
  assert.ok(kinds.includes(error.kind), `${kinds.join(' or ')} expected, but ${error.kind}: ${error.message}`);
  if (scope !== undefined) assert.equal(error.scope, scope, `scope of ${error.kind}: ${error.message}`);
}

/** The scripted server behind the provider. Only for checks that need one. */
export function standInOf({ standIn }: Subject) {
  assert.ok(standIn, 'this check needs a stand-in');
  return standIn;
}

/** Our provider before another address. Only for checks that need a server. */
export function providerAt({ providerAt: at }: Subject, baseUrl: string) {
  assert.ok(at, 'this check needs a provider with a server');
  return at(baseUrl);
}

export async function millisecondsOf(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return Math.round(performance.now() - startedAt);
}
