import { z } from 'zod';
import { sha256 } from '../shared/http.ts';

/** A job as `GET /api/v1/agent/next-job` hands it out: the upstream's own view, so not imported from `workflows/`. */
export interface Job {
  client: { id: string; slug: string; name: string };
  project: { id: string; slug: string; name: string };
  media: { id: string; filename: string; optimised_path: string; greyscale_path: string }[];
  analyses: { id: string; name: string; slug: string }[];
}

export interface BuildJobOptions {
  readonly images: number;
  readonly analyses: number;
  /** Ids are made from it: the same seed gives the same job, two seeds share no id. Default 1. */
  readonly seed?: string | number;
  /** `optimised_path` of the image with this index. Default: a generated JPEG of 800x600. */
  readonly mediaPath?: (index: number) => string;
  readonly greyscalePath?: (index: number) => string;
  /** For the first analyses; the others are called `analysis-<number>`. */
  readonly slugs?: readonly string[];
  readonly clientSlug?: string;
  readonly projectSlug?: string;
}

/** A valid job of `images` x `analyses` combinations. */
export function buildJob(options: BuildJobOptions): Job {
  const { seed = 1, slugs = [], clientSlug = 'stand-in-client', projectSlug = 'stand-in-project' } = options;
  const id = (kind: string, index = 0): string => uuidFrom(`${seed} ${kind} ${index}`);
  const generated = (index: number, grey = ''): string => `/media/generated/${id('media', index)}-800x600${grey}.jpg`;
  const { mediaPath = generated, greyscalePath = (index: number) => generated(index, '-grey') } = options;
  return {
    client: { id: id('client'), slug: clientSlug, name: `Client of ${clientSlug}` },
    project: { id: id('project'), slug: projectSlug, name: `Project ${projectSlug}` },
    media: Array.from({ length: options.images }, (_, index) => ({
      id: id('media', index),
      filename: `image-${padded(index)}.jpg`,
      optimised_path: mediaPath(index),
      greyscale_path: greyscalePath(index),
    })),
    analyses: Array.from({ length: options.analyses }, (_, index) => ({
      id: id('analysis', index),
      name: `Analysis ${padded(index)}`,
      slug: slugs[index] ?? `analysis-${padded(index)}`,
    })),
  };
}

const padded = (index: number): string => String(index + 1).padStart(4, '0');

/** A UUID of version 4's form whose bits come from the text. */
function uuidFrom(text: string): string {
  const hex = sha256(text);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** As much of a job as the ledger needs to know which ids belong to it. */
export interface JobMembers {
  readonly project: { readonly id: string; readonly slug?: string | undefined };
  readonly media: readonly { readonly id: string }[];
  readonly analyses: readonly { readonly id: string }[];
}

const withId = z.object({ id: z.string() });
const jobMembersSchema = z.object({
  project: withId.extend({ slug: z.string().optional().catch(undefined) }),
  media: z.array(withId),
  analyses: z.array(withId),
});

/** The members of whatever was enqueued; undefined when it is too broken to name a project and its combinations. */
export function membersOf(body: unknown): JobMembers | undefined {
  return jobMembersSchema.safeParse(body).data;
}
