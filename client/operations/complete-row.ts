import { WorkflowNotFoundError } from '@temporalio/common';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import type { ProjectRow } from './describe-project.ts';
import { KeptByRun } from './kept-by-run.ts';
import type { ListedProject } from './listed-project.ts';
import { readMalformedJob } from './malformed-job.ts';

/** What no list of Temporal has of a run, and never changes. */
type Rest = Pick<ProjectRow, 'summary' | 'reason'> & Partial<Pick<ProjectRow, 'phase'>>;

/** Some hundred bytes each. */
const rests = new KeptByRun<Rest>(5_000);

/** Adds the names of client and project and, of a malformed job, what is wrong. Undefined: Temporal has forgotten the run. */
export async function completeRow(temporal: Temporal, project: ListedProject): Promise<ProjectRow | undefined> {
  try {
    return { ...project, ...(await rests.get(temporal, project.runId, () => readRest(temporal, project))) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function readRest(temporal: Temporal, project: ListedProject): Promise<Rest> {
  const { workflowId, runId } = project;
  const describe = async () => (await temporal.client.workflow.getHandle(workflowId, runId).describe()).staticSummary();
  const summary = await askTemporal(temporal, describe);
  return { summary, ...(await readMalformedJob(temporal, project)) };
}
