import type { Json } from '../vision/fields.ts';
import type { Finding, ParsedAnswer } from './types.ts';

/** A pure rule over the texts of an answer. */
type TextRule = (text: string, path: string, answer: ParsedAnswer) => Finding | undefined;

const matchesAny = (patterns: readonly string[], text: string) =>
  patterns.some((pattern) => new RegExp(pattern, 'i').test(text));

const rules: Readonly<Record<'refusal' | 'placeholder', TextRule>> = {
  refusal: (text, path, { settings }) =>
    matchesAny(settings.refusalPatterns, text)
      ? { rule: 'refusal', message: `${path}: describe what you see instead of refusing`, remedy: 'reask-fresh' }
      : undefined,
  placeholder: (text, path, { settings }) =>
    matchesAny(settings.placeholderPatterns, text.trim())
      ? { rule: 'placeholder', message: `${path}: give a real value, not a placeholder`, remedy: 'reask-fresh' }
      : undefined,
};

/** Stage 2: does it say something? */
export function checkContent(answer: ParsedAnswer): Finding[] {
  const findings: Finding[] = [];
  for (const { path, text } of textsOf(answer.result)) {
    for (const rule of Object.values(rules)) {
      const finding = rule(text, path, answer);
      if (finding) findings.push(finding);
    }
  }
  return findings;
}

export function* textsOf(value: Json, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsOf(item, path === '' ? key : `${path}.${key}`);
}
