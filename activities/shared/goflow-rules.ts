import type { FailureCode } from '../../workflows/shared/failures.ts';
import type { GoflowAnswer, GoflowEndpoint } from './goflow-client.ts';
import type { HttpFailure } from './http.ts';

/** What an answer of GoFlow means. Pure; the contract's section 1 in code. */
export interface GoflowRules {
  /** Patterns over the body of a refusal that mean "GoFlow has it". */
  readonly alreadyDone: readonly RegExp[];
  /** Patterns that make a 400 a complaint about the body rather than about a duplicate. */
  readonly saysOtherwise: readonly RegExp[];
}

export type Verdict =
  | { readonly kind: 'accepted' }
  /** Refused as a duplicate after a send whose answer was lost: GoFlow has it (decision D3). */
  | { readonly kind: 'already' }
  | { readonly kind: 'failed'; readonly code: FailureCode };

/**
 * Whether an earlier send of the same call may have taken effect: `no`; `failed`, GoFlow answered with an error of its
 * own; `unanswered`, its answer was lost on the way.
 */
export const doubts = ['no', 'failed', 'unanswered'] as const;
export type Doubt = (typeof doubts)[number];

/** The graver one: a call that was once left without an answer stays so. */
export const graver = (one: Doubt, other: Doubt): Doubt => (doubts.indexOf(one) > doubts.indexOf(other) ? one : other);

/** @param doubt about the earlier sends of this call */
export function judgeAnswer(endpoint: GoflowEndpoint, answer: GoflowAnswer, doubt: Doubt, rules: GoflowRules): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (readsAsAlreadyDone(endpoint, answer, doubt, rules)) return { kind: 'already' };
  return { kind: 'failed', code: codeOfStatus(status) };
}

function readsAsAlreadyDone(
  endpoint: GoflowEndpoint,
  { status, body }: GoflowAnswer,
  doubt: Doubt,
  { alreadyDone, saysOtherwise }: GoflowRules,
): boolean {
  if (doubt === 'no' || (status !== 400 && status !== 409)) return false;
  const text = body.toString('utf8');
  if (alreadyDone.some((pattern) => pattern.test(text))) return true;
  // E3 after a lost answer: a duplicate unless it says something else; in every other case only when it says so
  return endpoint === 'submitResult' && doubt === 'unanswered' && !saysOtherwise.some((pattern) => pattern.test(text));
}

function codeOfStatus(status: number): FailureCode {
  if (status === 401 || status === 403) return 'GoFlowUnauthorized';
  if (status === 404) return 'GoFlowNotFound';
  if (status === 408) return 'GoFlowTimeout';
  if (status === 422) return 'GoFlowUnprocessable';
  if (status === 429) return 'GoFlowRateLimited';
  if (status === 400 || status === 409) return 'GoFlowRefused';
  return status >= 500 ? 'GoFlowServerError' : 'GoFlowUnexpected';
}

export const codeOfHttpFailure = ({ kind }: HttpFailure): FailureCode =>
  kind === 'timeout' ? 'GoFlowTimeout' : 'GoFlowUnreachable';

/** What an answer leaves open: 4xx is a definite no, and a gateway (502, 504) speaks for a backend that did not answer. */
export function doubtAfter(status: number): Doubt {
  if (status === 502 || status === 504) return 'unanswered';
  return status >= 500 || status === 408 ? 'failed' : 'no';
}
