import { oncePer } from './once-per.ts';

/** Patterns of one list as one expression; lists live as long as their plan. */
const compiled = oncePer((patterns: readonly string[]): RegExp | undefined => {
  const source = patterns.map((pattern) => `(?:${pattern})`).join('|');
  return source === '' ? undefined : new RegExp(source, 'iu');
});

/** Whether one of the patterns is found, whatever the case. */
export const matchesAny = (patterns: readonly string[], text: string): boolean =>
  compiled(patterns)?.test(text) ?? false;
