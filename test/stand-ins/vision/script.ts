import { z } from 'zod';

const matchSchema = z.strictObject({
  /** Somewhere in the texts of the conversation. */
  promptIncludes: z.string().optional(),
  model: z.string().optional(),
  imageSha256: z.string().optional(),
  /** Assistant messages in the conversation: 0 the first question, 1 the first repair. */
  turn: z.int().min(0).optional(),
});

const transformSchema = z.enum([
  'fence',
  'truncated-json',
  'refusal',
  'empty',
  'placeholder',
  'repetition',
  'echo-prompt',
  'box-outside',
  'nan',
  'extra-prose',
  'wrong-type',
]);

const phaseSchema = z.enum(['before-headers', 'mid-stream']);

const actionSchema = z.discriminatedUnion('kind', [
  /** This text instead of the made one. */
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  /** The made answer, spoilt. */
  z.strictObject({ kind: z.literal('transform'), how: transformSchema }),
  /** An error status at once, without a slot. Without `error`: the usual words, or an empty body. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    error: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** An error after half of the answer; 500 when the call does not stream. */
  z.strictObject({ kind: z.literal('error-line') }),
  /** Cut as by the token limit. */
  z.strictObject({ kind: z.literal('length') }),
  /** Half of the answer, then the end without `done`. */
  z.strictObject({ kind: z.literal('incomplete') }),
  /** A TCP reset: at once, or after half of the answer. */
  z.strictObject({ kind: z.literal('reset'), phase: phaseSchema }),
  /** Stands still in its slot for `ms`, else until the client leaves. */
  z.strictObject({ kind: z.literal('hang'), phase: phaseSchema, ms: z.number().min(0).optional() }),
  /** Takes so much longer, in its slot. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
]);

/** Rules are tried in order; the first that matches and is not used up acts on the call. */
export const scriptRuleSchema = z.strictObject({
  /** (Default: every call) */
  match: matchSchema.optional(),
  /** Matching calls to leave alone first. (Default: 0) */
  skip: z.int().min(0).optional(),
  /** Calls to act on; 'Infinity' for JSON, which has no such number. (Default: 1) */
  times: z.union([z.int().min(1), z.literal(Infinity), z.literal('Infinity')]).optional(),
  action: actionSchema,
});

export type ScriptRule = z.infer<typeof scriptRuleSchema>;
export type ScriptAction = z.infer<typeof actionSchema>;
export type TransformHow = z.infer<typeof transformSchema>;

/** What a rule can look at. */
export interface ScriptInput {
  readonly model: string;
  readonly prompt: string;
  readonly imageSha256: string | undefined;
  readonly turn: number;
}

/** Faults on order, steered by the input. */
export class Script {
  #rules: { readonly rule: ScriptRule; skips: number; left: number }[] = [];

  /** @throws ZodError for a rule that is none */
  add(...rules: readonly ScriptRule[]): void {
    for (const each of rules) {
      const rule = scriptRuleSchema.parse(each);
      this.#rules.push({ rule, skips: rule.skip ?? 0, left: Number(rule.times ?? 1) });
    }
  }

  clear(): void {
    this.#rules = [];
  }

  /** The action for a call. A call that a rule skips goes on to the next rule. */
  take(input: ScriptInput): ScriptAction | undefined {
    for (const entry of this.#rules) {
      if (entry.left === 0 || !matches(entry.rule.match ?? {}, input)) continue;
      if (entry.skips > 0) {
        entry.skips -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule.action;
    }
    return undefined;
  }
}

function matches(match: z.infer<typeof matchSchema>, input: ScriptInput): boolean {
  return (
    (match.promptIncludes === undefined || input.prompt.includes(match.promptIncludes)) &&
    (match.model === undefined || match.model === input.model) &&
    (match.imageSha256 === undefined || match.imageSha256 === input.imageSha256) &&
    (match.turn === undefined || match.turn === input.turn)
  );
}
