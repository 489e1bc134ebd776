import { z } from 'zod';

const perMillion = z.number().min(0);

/** What a million tokens cost, by the name under which a model answers. */
export const pricesSchema = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency of three letters, such as EUR'),
  models: z.record(z.string().min(1), z.strictObject({ input: perMillion, output: perMillion })),
});
export type Prices = z.infer<typeof pricesSchema>;
