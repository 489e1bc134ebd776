import { expect, test, vi } from 'vitest';
import { shareAnswers } from '../../../client/http/share-answers.ts';
import { sleep } from '../../support/wait.ts';

const forMs = 50;

test('who asks the same at the same time, or a moment later, shares an answer', async () => {
  const ask = vi.fn(async ({ page }: { page: number }) => [page]);
  const shared = shareAnswers(ask, forMs);
  const [first, second] = await Promise.all([shared({ page: 1 }), shared({ page: 1 })]);
  expect(second).toBe(first);
  expect(await shared({ page: 1 })).toBe(first);
  expect(await shared({ page: 2 })).toEqual([2]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('an answer is not kept for longer, and an error not at all', async () => {
  let asked = 0;
  const shared = shareAnswers(async () => {
    asked += 1;
    if (asked === 1) throw new Error('not now');
    return asked;
  }, forMs);
  await expect(shared({})).rejects.toThrow('not now');
  expect(await shared({})).toBe(2);
  await vi.waitUntil(async () => (await shared({})) === 3, { timeout: 10_000, interval: forMs / 5 });
  await sleep(2 * forMs);
  expect(await shared({})).toBeGreaterThanOrEqual(4);
});
