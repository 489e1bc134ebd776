import { z } from 'zod';
import type { Action } from './action.ts';

const jobSchema = z.object({
  client: z.object({ slug: z.string() }),
  project: z.object({ id: z.string() }),
  media: z.array(z.unknown()),
  analyses: z.array(z.unknown()),
});

/** What is recorded of a job that somebody submits: the history of its project has it whole. */
export function describeJob(job: unknown): Action {
  const { data } = jobSchema.safeParse(job);
  if (!data) return { verb: 'project.submit' };
  const { client, project, media, analyses } = data;
  const input = { client: client.slug, images: media.length, analyses: analyses.length };
  return { verb: 'project.submit', projectId: project.id, input };
}
