import type { GoflowCall } from './agent-api.ts';

/** How often each image was served whole, by path. */
export function countDownloads(calls: readonly GoflowCall[]): Record<string, number> {
  const whole = calls.filter(({ endpoint, status, delivered }) => endpoint === 'media' && status === 200 && delivered);
  return countBy(whole, ({ path }) => path);
}

/** How often each endpoint gave each answer, such as `E3 201`. */
export function countAnswers(calls: readonly GoflowCall[]): Record<string, number> {
  return countBy(calls, ({ endpoint, status = 'without an answer' }) => `${endpoint} ${status}`);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
