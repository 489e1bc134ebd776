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

/** @param mayHaveArrived whether an earlier send of the same call may have reached GoFlow */
export function judgeAnswer(
  endpoint: GoflowEndpoint,
  answer: GoflowAnswer,
  mayHaveArrived: boolean,
  rules: GoflowRules,
): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (mayHaveArrived && readsAsAlreadyDone(endpoint, answer, rules)) return { kind: 'already' };
  return { kind: 'failed', code: codeOfStatus(status) };
}

function readsAsAlreadyDone(endpoint: GoflowEndpoint, { status, body }: GoflowAnswer, rules: GoflowRules): boolean {
  if (status !== 400 && status !== 409) return false;
  const text = body.toString('utf8');
  const saysSo = rules.alreadyDone.some((pattern) => pattern.test(text));
  // E3: a 400 counts as a duplicate unless it says something else; E2 and E4: only when it says so
  return saysSo || (endpoint === 'submitResult' && !rules.saysOtherwise.some((pattern) => pattern.test(text)));
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

/**
 * Whether this answer leaves open if the call took effect. 4xx is a definite no; a 5xx may come from a gateway after the
 * backend has committed.
 */
export const isAmbiguousStatus = (status: number) => status >= 500 || status === 408;
