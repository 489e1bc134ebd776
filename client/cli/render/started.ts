import { sizeOfJob } from '../../../workflows/goflow/contracts/size-of-job.ts';
import type { StartedProject } from '../../operations/start-project.ts';

export function renderStarted({ projectId, images, analyses, rerun }: StartedProject): string {
  const which = rerun === 0 ? '' : `, forced re-run ${rerun}`;
  return [
    `project ${projectId} started: ${sizeOfJob(images, analyses)}${which}`,
    `follow it with: gf25 projects watch ${projectId}`,
  ].join('\n');
}
