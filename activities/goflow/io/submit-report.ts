import type { Receipt, SubmitReportInput } from '../../../workflows/goflow/contracts/activities.ts';
import type { Send } from '../../shared/goflow-sender.ts';

/** E4, last and once. */
export function submitReport({ send }: { send: Send }, input: SubmitReportInput): Promise<Receipt> {
  const { projectId, report } = input;
  return send({ endpoint: 'submitReport', ids: { projectId }, body: JSON.stringify(report), label: 'report' }, input);
}
