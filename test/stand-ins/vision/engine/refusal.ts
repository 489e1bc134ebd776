/** Why the engine does not answer; each wire has its own words for it. */
export type RefusalCause =
  | { readonly kind: 'model-missing'; readonly model: string }
  | { readonly kind: 'vision-unsupported' }
  | { readonly kind: 'bad-image' }
  | { readonly kind: 'bad-schema'; readonly reason: string }
  | { readonly kind: 'context-exceeded'; readonly promptTokens: number; readonly contextTokens: number }
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'scripted';
      readonly status: number;
      readonly error: string | undefined;
      readonly headers: Readonly<Record<string, string>> | undefined;
    };

export class Refusal extends Error {
  override readonly name = 'Refusal';
  override readonly cause: RefusalCause;

  constructor(cause: RefusalCause) {
    super(cause.kind);
    this.cause = cause;
  }
}
