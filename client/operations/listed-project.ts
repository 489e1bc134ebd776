import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import { projectWorkflowId } from '../../workflows/goflow/contracts/ids.ts';
import type { Phase } from '../../workflows/goflow/contracts/progress.ts';
import { searchAttributes } from '../../workflows/goflow/contracts/search-attributes.ts';
import { toIso } from './timestamp.ts';

/** A run of a project as Temporal's visibility has it, which may be a moment behind. */
export interface ListedProject {
  readonly projectId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Slug of the client; like phase and failed unknown in a namespace without search attributes. */
  readonly client: string | undefined;
  readonly phase: Phase | undefined;
  /** Combinations that failed. */
  readonly failed: number | undefined;
  /** ISO 8601 in UTC. */
  readonly started: string;
  readonly closed: string | undefined;
  readonly status: WorkflowExecutionStatusName;
}

/** temporal.api.enums.v1.WorkflowExecutionStatus */
const statusNames: readonly WorkflowExecutionStatusName[] = [
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

const prefix = projectWorkflowId('');

/** Operators may give the id of the project or of its workflow. */
export const toWorkflowId = (id: string) => (id.startsWith(prefix) ? id : projectWorkflowId(id));
export const toProjectId = (id: string) => (id.startsWith(prefix) ? id.slice(prefix.length) : id);

type ListAnswer = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;

/** @param info from a list, or from a description */
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
