import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { type ProjectRow, toProjectId } from './describe-project.ts';
import { toIso } from './timestamp.ts';

type ListAnswer = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;

/** temporal.api.enums.v1.WorkflowExecutionStatus */
const statusNames: readonly ProjectRow['status'][] = [
  'UNSPECIFIED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
  'PAUSED',
];

/** All of a row that stands in Temporal's visibility, which may be a moment behind. */
export type ListedProject = Omit<ProjectRow, 'summary' | 'reason'>;

export function listedProject(info: ListAnswer['executions'][number]): ListedProject {
  const workflowId = info.execution?.workflowId ?? '';
  const fields = info.searchAttributes?.indexedFields ?? {};
  const read = ({ name }: { readonly name: string }): unknown => {
    const payload: Payload | undefined = fields[name];
    return payload && defaultPayloadConverter.fromPayload(payload);
  };
  return {
    projectId: toProjectId(workflowId),
    workflowId,
    runId: info.execution?.runId ?? '',
    client: read(searchAttributes.client) as string | undefined,
    phase: read(searchAttributes.phase) as Phase | undefined,
    failed: read(searchAttributes.failed) as number | undefined,
    started: toIso(info.startTime ?? {}),
    closed: info.closeTime ? toIso(info.closeTime) : undefined,
    status: statusNames[info.status ?? 0] ?? 'UNKNOWN',
  };
}
