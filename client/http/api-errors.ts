/**
 * The errors of our own API: every `error_code` an answer can carry. A test holds this table, the README's and the
 * OpenAPI document equal. Failures of combinations have the codes of `workflows/shared/failures.ts`; those stand inside
 * a project's answer, never here.
 */
export interface ApiErrorKind {
  readonly status: number;
  /** One sentence for the caller: what it means, what to do. */
  readonly hint: string;
}

export const apiErrors = {
  InvalidRequest: { status: 400, hint: 'The request is no proper HTTP or JSON: the detail says why.' },
  AuthenticationRequired: { status: 401, hint: 'Send "Authorization: Bearer TOKEN".' },
  InvalidToken: { status: 401, hint: 'The token is not signed by a known key, has expired, or is for somebody else.' },
  RoleMissing: { status: 403, hint: 'The token is good, but its roles do not allow this: the detail names the role.' },
  RouteNotFound: { status: 404, hint: 'There is no such path.' },
  NotFound: { status: 404, hint: 'What was named does not exist, or is forgotten after the retention of Temporal.' },
  MethodNotAllowed: { status: 405, hint: 'The path exists, but not with this method: see the header Allow.' },
  Refused: { status: 409, hint: 'It exists and says no: the detail is its reason.' },
  BodyTooLarge: { status: 413, hint: 'The body is larger than api.limits in api_endpoints.yaml allows.' },
  UnsupportedMediaType: { status: 415, hint: 'Send JSON, with "Content-Type: application/json".' },
  ValidationFailed: { status: 422, hint: 'The request breaks the contract: the detail names each field.' },
  RateLimited: { status: 429, hint: 'Too many requests: wait as long as Retry-After says.' },
  TooManyStreams: { status: 429, hint: 'Too many live streams are open, of this caller or in all: close one.' },
  HeadersTooLarge: { status: 431, hint: 'The head of the request is larger than 16 KB.' },
  InternalError: { status: 500, hint: 'A fault of this program: the log has it under the correlation id.' },
  AuthenticationNotConfigured: {
    status: 503,
    hint: 'Set GF25_JWT_JWKS_URL or GF25_JWT_SECRET: until then only health and metrics answer.',
  },
  KeysUnavailable: { status: 503, hint: 'The key set at GF25_JWT_JWKS_URL cannot be read: nobody can be let in now.' },
  TemporalUnreachable: { status: 503, hint: 'Temporal does not answer: try again; nothing was changed that we know.' },
  TemporalRefused: {
    status: 503,
    hint: 'Temporal does not take our calls: check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and the search attributes.',
  },
  AuditUnavailable: {
    status: 503,
    hint: 'The audit in GF25_STATE_DIR cannot be written: nothing was done that would not be recorded.',
  },
  Unanswered: { status: 504, hint: 'No orchestrator answers: a word may still arrive; start npm run worker.' },
} as const satisfies Record<string, ApiErrorKind>;

export type ApiErrorCode = keyof typeof apiErrors;

/** Thrown anywhere below the API; its message is the detail that the caller sees. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: ApiErrorCode,
    message: string = apiErrors[code].hint,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}
