import { z } from 'zod';

/** What a field holds. Numbers are as the model is asked for them: percentages are 0 to 100. */
const fieldTest = z.union(
  [
    z.enum(['empty', 'not_empty']),
    z.array(z.union([z.string(), z.boolean()])).min(1),
    z.strictObject({ at_least: z.number() }),
    z.strictObject({ at_most: z.number() }),
  ],
  { error: 'must be empty, not_empty, a list of values, {at_least: n} or {at_most: n}' },
);
export type FieldTest = z.infer<typeof fieldTest>;

/** By dotted names. A field inside a list stands for some of its items in `when`, for each of them in `then`. */
const fieldTests = z.record(z.string(), fieldTest);

/** What goes together in an answer that is right: all of `when` brings all of `then`. */
export const relationsSchema = z.strictObject({
  relations: z.array(z.strictObject({ when: fieldTests, then: fieldTests })).default([]),
  /** An enum by an enum of a list's items: the whole is not better than the worst item. Values rise as they stand. */
  at_least_worst_of: z.record(z.string(), z.string()).default({}),
});
export type Relations = z.infer<typeof relationsSchema>;
