import { oncePer } from './once-per.ts';

/** What only means the same in Unicode mode, in which V8 searches some fifty times more slowly. */
const needsUnicode = /\\[pPu]\{|[\u{10000}-\u{10ffff}]/u;

/** Patterns of one list as one or two expressions; lists live as long as their plan. */
const compiled = oncePer((patterns: readonly string[]): RegExp[] => {
  const [plain, unicode] = [false, true].map((isWanted) =>
    patterns.filter((one) => needsUnicode.test(one) === isWanted),
  );
  return [...expressionOf(plain, 'i'), ...expressionOf(unicode, 'iu')];
});

const expressionOf = (patterns: readonly string[] = [], flags: string): RegExp[] =>
  patterns.length === 0 ? [] : [new RegExp(patterns.map((pattern) => `(?:${pattern})`).join('|'), flags)];

/** Whether one of the patterns is found, whatever the case. */
export const matchesAny = (patterns: readonly string[], text: string): boolean =>
  compiled(patterns).some((expression) => expression.test(text));
