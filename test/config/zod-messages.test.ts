import { expect, test } from 'vitest';
import { z } from 'zod';
import '../../config/zod-messages.ts';

const schema = z.strictObject({
  phase: z.enum(['done', 'failed']).default('done'),
  filter: z.strictObject({ since: z.string() }),
  limit: z.number(),
  text: z.string().min(1, 'must not be empty'),
});
const whole = { filter: { since: 'now' }, limit: 1, text: 'a' };

test.each<[unknown, string]>([
  [undefined, ': is missing'],
  [{ ...whole, filter: undefined }, 'filter: is missing'],
  [{ ...whole, filter: {} }, 'filter.since: is missing'],
  [{ ...whole, text: '' }, 'text: must not be empty'],
  [{ ...whole, limit: 'x' }, 'limit: Invalid input: expected number, received string'],
  [{ ...whole, limit: null }, 'limit: Invalid input: expected number, received null'],
  [{ ...whole, phases: 'done' }, ': Unrecognized key: "phases" (did you mean "phase"?)'],
  [{ ...whole, Limt: 1, colour: 2 }, ': Unrecognized keys: "Limt" (did you mean "limit"?), "colour"'],
  [{ ...whole, t: 1 }, ': Unrecognized key: "t"'],
])('of %j it is said: %s', (value, said) => {
  const { error } = schema.safeParse(value);
  expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([said]);
});

test('of a choice that is missing, what there is to choose from is said', () => {
  const { error } = z.object({ how: z.enum(['up', 'down']) }).safeParse({});
  expect(error?.issues[0]?.message).toBe('is missing: one of "up", "down"');
});
