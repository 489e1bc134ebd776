/** How every error of ours looks to a program: the API's answers, and the CLI with --json. */
export interface ErrorEnvelope<Code extends string> {
  readonly detail: string;
  readonly error_code: Code;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly correlation_id: string;
}

export const envelopeOf = <Code extends string>(
  code: Code,
  detail: string,
  correlationId: string,
): ErrorEnvelope<Code> => ({
  detail,
  error_code: code,
  timestamp: new Date().toISOString(),
  correlation_id: correlationId,
});
