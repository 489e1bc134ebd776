import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { allOf } from '../../../client/operations/all-of.ts';

test('what fails first waits for what still goes on', async () => {
  let isOver = false;
  const slow = delay(20).then(() => (isOver = true));
  await expect(allOf([Promise.reject(new Error('no')), slow])).rejects.toThrow('no');
  expect(isOver).toBe(true);
});

test('what goes well is answered in order', async () => {
  expect(await allOf([delay(5, 'a' as const), 1, Promise.resolve(true)])).toEqual(['a', 1, true]);
});
