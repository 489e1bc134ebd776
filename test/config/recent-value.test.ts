import { expect, test } from 'vitest';
import { recentValue } from '../../config/recent-value.ts';
import { sleep } from '../support/wait.ts';

/** A source that answers when the test lets it. */
function source() {
  const asked: ((value: number | Error) => void)[] = [];
  const read = () =>
    new Promise<number>((resolve, reject) =>
      asked.push((value) => (value instanceof Error ? reject(value) : resolve(value))),
    );
  return { asked, read };
}

test('all who ask at once, or soon afterwards, get what was read once', async () => {
  const { asked, read } = source();
  const value = recentValue(read, { forMs: 60_000, waitAtMostMs: 60_000 });
  const both = Promise.all([value(), value()]);
  asked[0]?.(7);
  expect(await both).toEqual([7, 7]);
  expect(await value()).toBe(7);
  expect(asked).toHaveLength(1);
});

test('nobody waits for a source that hangs, it is not asked again, and its late answer counts', async () => {
  const { asked, read } = source();
  const value = recentValue(read, { forMs: 60_000, waitAtMostMs: 10 });
  expect(await value()).toBeUndefined();
  expect(await value()).toBeUndefined();
  expect(asked).toHaveLength(1);
  asked[0]?.(7);
  await Promise.resolve();
  expect(await value()).toBe(7);
});

test('what is old is read anew', async () => {
  let reads = 0;
  const value = recentValue(async () => (reads += 1), { forMs: 1, waitAtMostMs: 60_000 });
  await value();
  await sleep(10);
  await value();
  expect(reads).toBe(2);
});

test('a failure is known as nothing for as long as a value', async () => {
  const { asked, read } = source();
  const value = recentValue(read, { forMs: 60_000, waitAtMostMs: 60_000 });
  const first = value();
  asked[0]?.(new Error('down'));
  expect(await first).toBeUndefined();
  expect(await value()).toBeUndefined();
  expect(asked).toHaveLength(1);
});
