import { isDeepStrictEqual } from 'node:util';
import { inStrictJson } from './dialects.ts';

/** What came of reading a text as JSON. */
export interface Reading {
  /** The object that the text is about. */
  readonly value?: Value;
  /** Why there is none. */
  readonly fault?: string;
  /** Whether there was anything around the object but space. */
  readonly isAlone: boolean;
  /** Keys that one object holds twice, the first few. */
  readonly twins: readonly string[];
  /** What was no JSON in it, and was read all the same. */
  readonly dialects: readonly string[];
}

const noValue = { isAlone: true, twins: [], dialects: [] };
const maxTwins = 5;
/** No definition nests as deep; what walks through an answer may do so by calling itself. */
const maxDepth = 64;
/** Drafts and corrections that are looked at. */
const maxObjects = 20;

/**
 * Reads the JSON object in a text: models like fences and a sentence around it, and thoughts before it. Where several
 * follow each other, the one that completes those before it, or is called a correction of them, takes their place, and one
 * that says nothing else than the answer is left out. Any other stands beside the answer, and which of them is meant cannot
 * be told.
 */
export function readObject(text: string): Reading {
  let rest = withoutThoughts(text);
  let { end, ...reading } = readFirst(rest);
  let isAlone = reading.isAlone && rest === text;
  let rivals: Value[] = [];
  let isCorrection = drafts.test(wordsBefore(rest));
  for (let looks = 1; looks < maxObjects && reading.value && rest.includes('{', end); looks += 1) {
    rest = rest.slice(end);
    isCorrection ||= corrects.test(wordsBefore(rest));
    const { end: nextEnd, ...next } = readFirst(rest);
    end = nextEnd;
    const { value } = next;
    if (!value) continue;
    isAlone = false;
    const replaces = (other: Value) =>
      hasKeysOf(value, other) && (isCorrection || says(value, other) || !hasKeysOf(other, value));
    if (replaces(reading.value)) {
      rivals = rivals.filter((other) => !replaces(other));
      reading = next;
    } else if (!says(reading.value, value)) rivals.push(value);
    isCorrection = false;
  }
  return rivals.length > 0 ? { ...noValue, isAlone, fault: several } : { ...reading, isAlone };
}

type Value = Readonly<Record<string, unknown>>;
const several = 'there are several objects in it that do not say the same: give one';

const wordsBefore = (text: string) => text.slice(0, text.indexOf('{') + 1);
/** What makes the next object one for another: words of choosing ("or", "another option") do not. */
const corrects =
  /\b(correct|corri[gj]|korri|revis|updat|amend|adjust|improv|refin|re-?check|double-check|reconsider|mistake|final|(fixed|oops|sorry|wait|actually|instead|rather|wrong|but)\b|no,|should (be|have)\b)|更正|修正|纠正/i;
const drafts =
  /\b(draft|preliminary|tentative|rough|(first|initial) (attempt|try|guess|version|pass|answer|thought))\b/i;

/** What a reasoning model thought may hold drafts of its answer. */
function withoutThoughts(text: string): string {
  const [, answer] = /^[\s\S]*<\/think(?:ing)?>([\s\S]*)$/i.exec(text) ?? [];
  return answer?.includes('{') ? answer : text;
}

const hasKeysOf = (value: object, other: object) => Object.keys(other).every((key) => key in value);

const says = (value: Value, other: Value) =>
  Object.entries(other).every(([key, inner]) => isDeepStrictEqual(value[key], inner));

function readFirst(text: string): Reading & { readonly end: number } {
  const start = text.indexOf('{');
  if (start < 0) return { ...noValue, end: text.length, fault: 'there is no JSON object in it' };
  const { end, isWhole, twins, depth } = scanObject(text, start);
  const faulty = (fault: string) => ({ ...noValue, end, fault });
  if (/\[\s*$/.test(text.slice(0, start))) return faulty('the object stands in a list');
  if (depth > maxDepth) return faulty(`it is nested more than ${maxDepth} levels deep`);
  const object = text.slice(start, end);
  const isAlone = text.slice(0, start).trim() === '' && text.slice(end).trim() === '';
  const strict = parse(object);
  if ('value' in strict) return { value: strict.value, isAlone, twins, dialects: [], end };
  if (!isWhole) return faulty('it breaks off before the object is closed');
  const { text: translated, dialects } = inStrictJson(object);
  const parsed = parse(translated);
  if ('value' in parsed) return { value: parsed.value, isAlone, twins: scanObject(translated, 0).twins, dialects, end };
  const bad = /[:,[]\s*(-?(?:NaN|Infinity))\b/.exec(object)?.[1];
  return faulty(bad === undefined ? strict.fault : `${bad} is not a JSON number`);
}

function parse(object: string): { value: Value } | { fault: string } {
  try {
    return { value: JSON.parse(object) as Value };
  } catch (error) {
    return { fault: error instanceof Error ? error.message.slice(0, 120) : 'it cannot be parsed' };
  }
}

/** One pass over the text: where the object ends, and which keys stand twice in one object. */
function scanObject(text: string, start: number): { end: number; isWhole: boolean; twins: string[]; depth: number } {
  const open: { isObject: boolean; keys: Set<string> }[] = [];
  const twins: string[] = [];
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') {
      const end = endOfString(text, index);
      const inner = open.at(-1);
      if (inner?.isObject === true && isColonAfter(text, end)) {
        const key = text.slice(index + 1, end);
        if (inner.keys.has(key) && twins.length < maxTwins) twins.push(key);
        inner.keys.add(key);
      }
      index = end;
    } else if (character === '{' || character === '[') {
      open.push({ isObject: character === '{', keys: new Set() });
      depth = Math.max(depth, open.length);
    } else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return { end: index + 1, isWhole: true, twins, depth };
    }
  }
  return { end: text.length, isWhole: false, twins, depth };
}

/** The position of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return text.length;
}

function isColonAfter(text: string, end: number): boolean {
  let index = end + 1;
  while (/\s/.test(text[index] ?? '')) index += 1;
  return text[index] === ':';
}
