import { defaultPayloadConverter } from '@temporalio/common';
import { isMalformed } from '../../workflows/goflow/contracts/is-malformed.ts';
import type { ProjectInput } from '../../workflows/goflow/contracts/project.ts';
import { askTemporal, type Temporal } from './ask-temporal.ts';

/** What a run was started with: the first event of its history. */
export async function readInput(
  temporal: Temporal,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<ProjectInput> {
  const { client, namespace } = temporal;
  const { history } = await askTemporal(temporal, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    }),
  );
  const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (!payload) throw new Error(`the history of ${workflowId} does not begin with an input`);
  return defaultPayloadConverter.fromPayload<ProjectInput>(payload);
}

/** Whether a run has failed at once, because nobody could read its job: it answers no query, and has neither plan nor progress. */
export async function hadMalformedJob(...of: Parameters<typeof readInput>): Promise<boolean> {
  return isMalformed((await readInput(...of)).job);
}
