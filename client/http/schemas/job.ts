import { z } from 'zod';

/** Everything that is shown again, in Temporal's lists too: no control characters, and of a length that fits there. */
const text = (maxLength: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength)
    .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, 'must not hold control characters');
const id = z.guid('must be a UUID');
/** As far as JSON Schema can say that no id comes twice. */
const distinct = { uniqueItems: true };
const party = z.object({ id, slug: text(200), name: text(500) });

/** E1's shape, with bounds that a job from a queue of our own trust does not need. Duplicate ids are refused later. */
export const submittedJobSchema = z.object({
  client: party,
  project: party,
  media: z
    .array(z.object({ id, filename: text(500), optimised_path: text(2_000), greyscale_path: text(2_000) }))
    .min(1, 'must hold at least one image')
    .max(500)
    .meta(distinct),
  analyses: z
    .array(z.object({ id, name: text(500), slug: text(200) }))
    .min(1, 'must hold at least one analysis')
    .max(100)
    .meta(distinct),
});
