import { createContext, runInContext } from 'node:vm';

/** Honest patterns take microseconds for all texts together; a catastrophic one takes years. */
const patienceMs = 500;
/** A machine that stood still for a moment does so once. */
const looks = 2;
const patienceWithAllMs = 2_000;
const repeats = 48;
const endings = ['', '\u0000'];
/** One character of each class that patterns like. */
const samples = ['a', '0', ' ', '-', '.', '_', 'é', '\n', '"'];
const maxPumps = 60;

/** Configurations are read again and again with the same patterns. */
const knownAsSafe = new Set<string>();

/**
 * The patterns that take for ever on some short text: nested or ambiguous repetition. Each is tried on long rows of what it
 * speaks of itself, which is what makes such a pattern backtrack.
 */
export function catastrophic(patterns: readonly string[]): readonly string[] {
  const unknown = patterns.filter((pattern) => !knownAsSafe.has(pattern));
  if (unknown.length === 0) return [];
  const found = areDone(unknown, patienceWithAllMs) ? [] : unknown.filter((pattern) => isCatastrophic(pattern));
  for (const pattern of unknown) if (!found.includes(pattern)) knownAsSafe.add(pattern);
  return found;
}

const isCatastrophic = (pattern: string) => Array.from({ length: looks }).every(() => !areDone([pattern], patienceMs));

/** Whether all of them come to an end with all their texts. What is no pattern at all is another fault. */
function areDone(patterns: readonly string[], timeout: number): boolean {
  const work = patterns.map((pattern) => ({ pattern, texts: textsFor(pattern) }));
  const run = `for (const { pattern, texts } of work) {
    let one;
    try { one = new RegExp(pattern, 'iu'); } catch { continue; }
    for (const text of texts) one.test(text);
  }`;
  try {
    runInContext(run, createContext({ work }), { timeout });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

function textsFor(pattern: string): string[] {
  const plain = pattern.replaceAll(/\\[pP]\{[^}]*\}|\\[a-zA-Z]/g, ' ').replaceAll(/\(\?(<?[=!]|:)/g, ' ');
  const words = [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
  const characters = plain.match(/\S/gu) ?? [];
  const pumps = [...samples, 'ab', 'a ', '0.', 'a.', ...characters, ...words, ...words.map((word) => `${word} `)];
  return [...new Set(pumps)].slice(0, maxPumps).flatMap((pump) => endings.map((end) => pump.repeat(repeats) + end));
}
