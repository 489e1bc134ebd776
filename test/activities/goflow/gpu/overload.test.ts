import { expect, test } from 'vitest';
import { overloadDelayMs } from '../../../../activities/goflow/gpu/overload.ts';

test.each([
  [1, undefined, 0, 500],
  [1, undefined, 1, 1_000],
  [2, undefined, 1, 2_000],
  [4, undefined, 0, 4_000],
  [5, undefined, 1, 15_000],
  [5_000, undefined, 1, 15_000],
  [1, 50, 0, 50],
  [9, 2_000, 0, 2_000],
  [1, 2_000, 1, 2_500],
  [1, 86_400_000, 0, 300_000],
])(
  'after %i overloads and a Retry-After of %s ms, with the dice at %d, it waits %d ms',
  (overloads, after, random, ms) => {
    expect(overloadDelayMs(overloads, after, random)).toBe(ms);
  },
);
