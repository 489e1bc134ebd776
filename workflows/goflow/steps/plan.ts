import { workflowInfo } from '@temporalio/workflow';
import { activityId } from '../contracts/ids.ts';
import { sizeOfJob } from '../contracts/size-of-job.ts';
import { io } from './activities.ts';
import { policies } from './policies.ts';
import type { Project } from './project.ts';

/** Freezes the definitions this project runs with. The plan lives once: as this activity's result. */
export async function plan({ state, show, announce }: Project): Promise<void> {
  const { job, input } = state;
  announce({ kind: 'job-acquired', media: job.media.length, analyses: job.analyses.length });
  const summary = sizeOfJob(job.media.length, job.analyses.length);
  const { planProject } = io(policies.plan, { activityId: activityId.plan(), summary });
  state.adoptPlan(await planProject({ job, rerun: input.rerun, runId: workflowInfo().runId }));
  show();
}
