/** Patterns of one list as one expression; lists live as long as their plan. */
const compiled = new WeakMap<readonly string[], RegExp | undefined>();

/** Whether one of the patterns is found, whatever the case. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  if (!compiled.has(patterns)) {
    const source = patterns.map((pattern) => `(?:${pattern})`).join('|');
    compiled.set(patterns, source === '' ? undefined : new RegExp(source, 'iu'));
  }
  return compiled.get(patterns)?.test(text) ?? false;
}
