import type { Fault, ParsedAnswer } from '../types.ts';
import { wordsOf } from '../words.ts';

const bestNames = /^(main|best|primary|top|leading)_(\w+)$/;

/** The best of a list, by the names of the two: a `main_keyword` beside `keywords` is one of them. */
export function bestOfList({ texts, fields }: ParsedAnswer): Fault[] {
  return texts.flatMap(({ path, text }): Fault[] => {
    const at = path.lastIndexOf('.') + 1;
    const stem = bestNames.exec(path.slice(at))?.[2];
    const list = fields.find(({ path: other, field }) => {
      const isBeside = other.startsWith(path.slice(0, at)) && pluralsOf(stem ?? '').includes(other.slice(at));
      return isBeside && field.type === 'list' && field.items.type === 'string';
    });
    if (stem === undefined || !Array.isArray(list?.value) || list.value.length === 0) return [];
    const listed = list.value.map((item) => wordsOf(typeof item === 'string' ? item : ''));
    const best = wordsOf(text);
    // "golden retriever" may be the best of "retriever" and "dog"
    const isOneOf =
      listed.some((words) => isWithin(words, best) || isWithin(best, words)) || isWithin(best, listed.flat());
    return isOneOf ? [] : [{ path, message: `${path} is "${text.slice(0, 40)}", but ${list.path} does not have it` }];
  });
}

const pluralsOf = (stem: string) => [`${stem}s`, `${stem}es`, stem.replace(/y$/, 'ies')];
/** What no ending tells: English has hardly any other. "Women" and "firemen" are men, too. */
const changed = [
  ['man', 'men'],
  ['person', 'people'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['goose', 'geese'],
  ['mouse', 'mice'],
] as const;
const isChanged = (a: string, b: string) =>
  changed.some(([one, many]) => a.endsWith(one) && b === a.slice(0, -one.length) + many);
/** "Child" and "children", "knife" and "knives", "hike" and "hiking": half of the longer is the same. */
function beginsAlike(a: string, b: string): boolean {
  const half = Math.max(3, Math.ceil(Math.max(a.length, b.length) / 2));
  return a.length >= half && a.slice(0, half) === b.slice(0, half);
}
const isSame = (a: string, b: string) =>
  a === b ||
  pluralsOf(a).includes(b) ||
  pluralsOf(b).includes(a) ||
  isChanged(a, b) ||
  isChanged(b, a) ||
  beginsAlike(a, b);
const isWithin = (some: readonly string[], others: readonly string[]) =>
  some.length > 0 && some.every((word) => others.some((other) => isSame(word, other)));
