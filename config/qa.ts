import { z } from 'zod';
import { type QaSettings, qaSettingsSchema } from '../workflows/goflow/contracts/qa.ts';
import { rulesSchema } from '../workflows/goflow/contracts/qa-rules.ts';
import { catastrophic } from './safe-pattern.ts';
import type { Settings } from './settings.ts';

/** `qa.yaml`. */
export const qaRulesSchema = z
  .strictObject({ fields: qaSettingsSchema.shape.fields, ...rulesSchema.shape })
  .superRefine((rules, context) => {
    for (const { path, message } of slowPatternsIn(rules)) context.addIssue({ code: 'custom', path, message });
  });
export type QaRules = z.infer<typeof qaRulesSchema>;

/** How a project is checked: the rules, and from `gf25.yaml` how often and how long. */
export const qaSettingsOf = ({ fields, ...rules }: QaRules, { qa }: Settings): QaSettings => ({ ...qa, fields, rules });

interface PatternAt {
  readonly path: (string | number)[];
  readonly pattern: string;
}

/** Params that hold regular expressions; those of `fields` all do. */
const holdPatterns = ['patterns', 'transcript_patterns', 'tokens'];

function* patternsIn(value: unknown, path: (string | number)[] = []): Generator<PatternAt> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const isPattern = path[0] === 'fields' || holdPatterns.includes(String(path.at(-1)));
    if (typeof inner === 'string' && isPattern) yield { path: at, pattern: inner };
    else yield* patternsIn(inner, at);
  }
}

/** Faults of patterns that would hold up every answer they look at: of rules, or of what a definition says about them. */
export function slowPatternsIn(rules: unknown): { path: (string | number)[]; message: string }[] {
  const all = [...patternsIn(rules)];
  const slow = catastrophic(all.map(({ pattern }) => pattern));
  const message =
    'takes for ever on some texts: a repetition within a repetition, or one with two ways to match the same';
  return all.flatMap(({ path, pattern }) => (slow.includes(pattern) ? [{ path, message }] : []));
}
