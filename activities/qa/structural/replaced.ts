import type { Reading } from './reading.ts';

/** A reading with other numbers at some paths. */
export function replaced(reading: Reading, numbers: readonly { path: string; value: number }[]): Reading {
  if (numbers.length === 0 || reading.value === undefined) return reading;
  const value = structuredClone(reading.value);
  for (const { path, value: number } of numbers) put(value, path.split('.'), number);
  return { ...reading, value };
}

function put(inside: unknown, path: readonly string[], value: number): void {
  const [last = ''] = path.slice(-1);
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], inside);
  (parent as Record<string, unknown>)[last] = value;
}
