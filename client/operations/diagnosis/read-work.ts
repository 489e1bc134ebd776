import { WorkflowNotFoundError } from '@temporalio/common';
import pLimit from 'p-limit';
import { askTemporal, type Temporal } from '../ask-temporal.ts';
import { type PendingWork, pendingWorkOf } from './pending-work.ts';

const inParallel = 8;
const maxImages = 50;

/** What a project and its images that run wait for, the project first. Nothing of what has just gone. */
export async function readWork(temporal: Temporal, workflowId: string): Promise<PendingWork[]> {
  const limit = pLimit(inParallel);
  const project = await describeWork(temporal, workflowId);
  const children = project?.children.slice(0, maxImages) ?? [];
  const work = await Promise.all(children.map((child) => limit(() => describeWork(temporal, child))));
  return [project, ...work].filter((one) => one !== undefined);
}

/** Undefined: a child is named before it begins, and for a moment after it has gone. */
const describeWork = (temporal: Temporal, workflowId: string): Promise<PendingWork | undefined> =>
  askTemporal(temporal, async () => {
    try {
      const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
      return pendingWorkOf(workflowId, raw, Date.now());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  });
