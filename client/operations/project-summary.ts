import { WorkflowNotFoundError } from '@temporalio/common';
import { askTemporal, type Temporal } from './ask-temporal.ts';
import type { ProjectRow } from './describe-project.ts';
import type { ListedProject } from './listed-project.ts';

/** Summaries that are kept for each client of Temporal: some hundred bytes each. */
const mostKept = 5_000;

/** A summary never changes, and no list of Temporal has it: whoever lists again and again asks for each once. */
const summariesByClient = new WeakMap<Temporal['client'], Map<string, string | undefined>>();

/** Adds the names of client and project. Undefined: Temporal has forgotten the run meanwhile. */
export async function withSummary(temporal: Temporal, project: ListedProject): Promise<ProjectRow | undefined> {
  const { client } = temporal;
  const { workflowId, runId } = project;
  const summaries = summariesByClient.get(client) ?? new Map<string, string | undefined>();
  summariesByClient.set(client, summaries);
  if (summaries.has(runId)) return { ...project, summary: summaries.get(runId) };
  try {
    const read = async () => (await client.workflow.getHandle(workflowId, runId).describe()).staticSummary();
    const summary = await askTemporal(temporal, read);
    summaries.set(runId, summary);
    const [oldest] = summaries.keys();
    if (summaries.size > mostKept && oldest !== undefined) summaries.delete(oldest);
    return { ...project, summary };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
