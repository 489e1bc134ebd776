import { wouldQuery } from '../../../workflows/goflow/contracts/messages.ts';
import { queues } from '../../../workflows/goflow/contracts/queues.ts';
import { askTemporal, type Temporal } from '../ask-temporal.ts';
import { isOpen } from '../describe-project.ts';
import { listHosts } from '../list-hosts.ts';
import { showProject } from '../show-project.ts';
import { isPolled, viewQueue } from '../view-queue.ts';
import type { Evidence, LegalWord } from './evidence.ts';
import { failingIn } from './pending-work.ts';
import { readWork } from './read-work.ts';

const wouldWithinMs = 5_000;
/** The failure of a workflow task is among the last events: further attempts leave none. */
const lastEvents = 10;

/** Asks Temporal for all that a diagnosis needs. @throws {NotFoundError} */
export async function gather(temporal: Temporal, id: string): Promise<Evidence> {
  const view = await showProject(temporal, { id });
  const { namespace } = temporal;
  const [hosts, workflows, io, work] = await Promise.all([
    listHosts(temporal, { countImages: false }),
    viewQueue(temporal, queues.workflows, 'workflow'),
    viewQueue(temporal, queues.io),
    isOpen(view.project) ? readWork(temporal, view.project.workflowId) : [],
  ]);
  const failing = failingIn(work);
  const [taskFailure, legal] = await Promise.all([
    failing && readTaskFailure(temporal, failing.workflowId),
    view.progress && isOpen(view.project) ? askWhatIsLegal(temporal, view.project.workflowId) : [],
  ]);
  const polled = { workflows: isPolled(workflows), io: isPolled(io) };
  return { nowMs: Date.now(), namespace, view, work, taskFailure, legal, polled, hosts };
}

async function readTaskFailure(temporal: Temporal, workflowId: string): Promise<string | undefined> {
  const { client, namespace } = temporal;
  const { history } = await askTemporal(temporal, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId },
      maximumPageSize: lastEvents,
    }),
  );
  const last = history?.events?.find(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  return last?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
}

const askable: readonly Omit<LegalWord, 'message'>[] = [
  { word: 'retry', input: {} },
  { word: 'retry', input: { step: 'report' } },
  { word: 'resume', input: {} },
  { word: 'accept', input: { reason: 'TEXT' } },
  { word: 'cancel', input: { reason: 'TEXT' } },
];

/** The project itself judges, as it would judge the word. Whoever does not answer offers nothing. */
async function askWhatIsLegal({ client }: Temporal, workflowId: string): Promise<LegalWord[]> {
  const handle = client.workflow.getHandle(workflowId);
  const asked = askable.map(async (offer) => {
    const ask = () => handle.query(wouldQuery, offer.word, offer.input);
    const answer = await client.withDeadline(Date.now() + wouldWithinMs, ask).catch(() => undefined);
    return answer?.legal ? [{ ...offer, message: answer.message }] : [];
  });
  return (await Promise.all(asked)).flat();
}
