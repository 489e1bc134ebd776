import type { Job } from '../contracts/job.ts';
import { inCode, plain } from './markdown.ts';

/** What stays true of a project, in the Web UI's Markdown. */
export function staticDetailsOf({ client, project, media, analyses }: Job, acquisitionId: string): string {
  return [
    `- client: ${plain(client.name)} (${inCode(client.slug)})`,
    `- project: ${plain(project.name)} (${inCode(project.slug)}, ${project.id})`,
    `- ${media.length} images x ${analyses.length} analyses = ${media.length * analyses.length} combinations`,
    `- analyses: ${analyses.map(({ slug }) => inCode(slug)).join(', ')}`,
    `- acquisition and correlation id: ${inCode(acquisitionId)}`,
  ].join('\n');
}
