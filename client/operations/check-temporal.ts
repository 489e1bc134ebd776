import type { Temporal } from './ask-temporal.ts';

const answerWithinMs = 2_000;

/** Whether Temporal answers for our namespace. @throws whatever the call threw */
export async function checkTemporal({ client, namespace }: Temporal): Promise<void> {
  await client.withDeadline(Date.now() + answerWithinMs, () => client.workflowService.describeNamespace({ namespace }));
}
