import type { JsonSchema } from '../engine/inference.ts';
import { asSchema } from './resolve-schema.ts';

const COUNT_WORDS = /(^|_)(count|counts|number|num|total|of)(?=_|$)/gi;

/** Sets every count of an object to the length of the list of what it counts: `people_count` beside `people`. */
export function countLists(value: Record<string, unknown>, properties: JsonSchema): void {
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  for (const [name, property] of Object.entries(properties)) {
    const { type, minimum, maximum } = asSchema(property);
    const stem = name.replaceAll(COUNT_WORDS, '').replace(/^_+|_+$/g, '');
    if (type !== 'integer' || stem === name) continue;
    const [, list] = lists.find(([other]) => stem !== '' && other.startsWith(stem.replace(/y$/, ''))) ?? only(lists);
    if (list === undefined) continue;
    value[name] = Math.min(Math.max(list.length, numberOr(minimum, -Infinity)), numberOr(maximum, Infinity));
  }
}

const only = <T>(items: readonly T[]): T | [] => (items.length === 1 && items[0] !== undefined ? items[0] : []);
const numberOr = (value: unknown, other: number): number => (typeof value === 'number' ? value : other);
