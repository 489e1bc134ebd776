import { z } from 'zod';

/** 8-4-4-4-12 hex digits. Looser than RFC 9562 on the version digits: GoFlow's ids are its own business. */
const id = z.guid({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a UUID') });
/** PostgreSQL, which may hold what is searched for, knows no NUL. */
const text = z
  .string()
  .min(1, 'must not be empty')
  .regex(/^[^\u0000]*$/, 'must not contain a NUL character');
const party = z.object({ id, slug: text, name: text });

const mediaItem = z.object({ id, filename: text, optimised_path: text, greyscale_path: text });
const analysisItem = z.object({ id, name: text, slug: text });

/** The body of E1. Unknown fields are kept out, not fatal; duplicate ids inside a job are fatal. */
export const jobSchema = z
  .object({
    client: party,
    project: party,
    media: z.array(mediaItem).min(1, 'must hold at least one image'),
    analyses: z.array(analysisItem).min(1, 'must hold at least one analysis'),
  })
  .superRefine((job, context) => {
    for (const list of ['media', 'analyses'] as const) {
      const firstAt = new Map<string, number>();
      job[list].forEach((item, index) => {
        const key = item.id.toLowerCase();
        const first = firstAt.get(key);
        if (first === undefined) firstAt.set(key, index);
        else
          context.addIssue({
            code: 'custom',
            path: [list, index, 'id'],
            message: `duplicate id ${item.id}, first at ${list}.${first}`,
          });
      });
    }
  });

export type Job = z.infer<typeof jobSchema>;
export type MediaItem = z.infer<typeof mediaItem>;
export type AnalysisItem = z.infer<typeof analysisItem>;

/** What is known of a body that is not a valid job: enough to see it fail and to find the body again. */
export const malformedJobSchema = z.object({
  malformed: z.literal(true),
  projectId: z.string().optional(),
  /** Each fault names its field: `media.2.id: must be a UUID`. */
  faults: z.array(z.string()),
  /** SHA-256 of the raw body, hex. */
  bodyDigest: z.string(),
});

export type MalformedJob = z.infer<typeof malformedJobSchema>;

/** Many times what 200 images need. Temporal takes 2 MB in one piece, and a character may be three bytes. */
const maxCharacters = 500_000;
/** So many are mended one after the other; with those of thousands of items no message could be sent. */
const maxFaults = 50;

/**
 * Reads a job from parsed JSON.
 *
 * @returns the job, or its faults, each with the path of its field
 */
export function parseJob(body: unknown): { job: Job } | { faults: string[] } {
  const parsed = jobSchema.safeParse(body);
  if (parsed.success) {
    const { length } = JSON.stringify(parsed.data);
    if (length <= maxCharacters) return { job: parsed.data };
    return { faults: [`(body): it has ${length} characters, and more than ${maxCharacters} are not taken`] };
  }
  const { issues } = parsed.error;
  const faults = issues.slice(0, maxFaults).map(({ path, message }) => `${path.join('.') || '(body)'}: ${message}`);
  return { faults: issues.length > maxFaults ? [...faults, `and ${issues.length - maxFaults} more`] : faults };
}
