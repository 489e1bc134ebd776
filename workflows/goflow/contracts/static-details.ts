import { inCode, plain } from '../../shared/markdown.ts';
import type { Job } from './job.ts';
import { sizeOfJob } from './size-of-job.ts';

/** Temporal takes 20,000 bytes; a character may be three of them, and a line break is two. */
const maxLength = 6_000;

/** Where a job comes from: the hand-out's id is its correlation id, too. */
export type Origin = { readonly acquisitionId: string } | { readonly correlationId: string | undefined };

/** What stays true of a project, in the Web UI's Markdown: the same whichever way its job came. */
export function staticDetailsOf({ client, project, media, analyses }: Job, origin: Origin): string {
  return [
    `- client: ${plain(client.name)} (${inCode(client.slug)})`,
    `- project: ${plain(project.name)} (${inCode(project.slug)}, ${project.id})`,
    `- ${sizeOfJob(media.length, analyses.length)} = ${media.length * analyses.length} combinations`,
    ...idsOf(origin),
    `- analyses: ${analyses.map(({ slug }) => inCode(slug)).join(', ')}`,
  ]
    .join('\n')
    .slice(0, maxLength);
}

function idsOf(origin: Origin): string[] {
  if ('acquisitionId' in origin) return [`- acquisition and correlation id: ${inCode(origin.acquisitionId)}`];
  return origin.correlationId === undefined ? [] : [`- correlation id: ${inCode(origin.correlationId)}`];
}
