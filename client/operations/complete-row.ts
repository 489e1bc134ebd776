import { WorkflowNotFoundError } from '@temporalio/common';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import type { ProjectRow } from './describe-project.ts';
import type { ListedProject } from './listed-project.ts';
import { readMalformedJob } from './malformed-job.ts';

/** Rows of which the rest is kept, for each client of Temporal: some hundred bytes each. */
const mostKept = 5_000;

/** What no list of Temporal has of a run, and never changes: whoever lists again and again asks for it once. */
type Rest = Pick<ProjectRow, 'summary' | 'reason'> & Partial<Pick<ProjectRow, 'phase'>>;

const restsByClient = new WeakMap<Temporal['client'], Map<string, Rest>>();

/** Adds the names of client and project and, of a malformed job, what is wrong. Undefined: Temporal has forgotten the run. */
export async function completeRow(temporal: Temporal, project: ListedProject): Promise<ProjectRow | undefined> {
  const rests = restsByClient.get(temporal.client) ?? new Map<string, Rest>();
  restsByClient.set(temporal.client, rests);
  const known = rests.get(project.runId);
  if (known) return { ...project, ...known };
  try {
    const rest = await readRest(temporal, project);
    rests.set(project.runId, rest);
    const [oldest] = rests.keys();
    if (rests.size > mostKept && oldest !== undefined) rests.delete(oldest);
    return { ...project, ...rest };
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
