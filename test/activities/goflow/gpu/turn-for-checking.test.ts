import { expect, test } from 'vitest';
import { turnForChecking } from '../../../../activities/goflow/gpu/turn-for-checking.ts';

test('answers that come together are checked in turns of their own, the first after the next call has gone out', async () => {
  let turn = 0;
  let counting = setImmediate(function count() {
    turn += 1;
    counting = setImmediate(count);
  });
  const turns = await Promise.all(
    ['first', 'second', 'third'].map(async () => {
      await turnForChecking();
      return turn;
    }),
  );
  clearImmediate(counting);
  expect(turns).toEqual([2, 3, 4]);
});
