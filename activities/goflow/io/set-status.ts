import type { Receipt, SetStatusInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { StatusStep } from '../../../workflows/goflow/contracts/ids.ts';
import type { Send } from '../../shared/goflow-sender.ts';

export interface SetStatusDeps {
  readonly send: Send;
  /** What GoFlow calls the two steps (decision D8). */
  readonly statusValues: Readonly<Record<StatusStep, string>>;
}

/** E2. */
export function setStatus({ send, statusValues }: SetStatusDeps, input: SetStatusInput): Promise<Receipt> {
  const { projectId, step } = input;
  const body = JSON.stringify({ status: statusValues[step] });
  return send({ endpoint: 'setStatus', ids: { projectId }, body, label: step }, input);
}
