import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { connectTemporal } from '../../client/temporal.ts';

export interface TestNamespace {
  readonly name: string;
  readonly client: Client;
  close(): Promise<void>;
}

/** A fresh namespace, so that scenarios see nothing of each other. */
export async function createNamespace(address: string): Promise<TestNamespace> {
  const name = `test-${randomUUID()}`;
  const { client, close } = await connectTemporal({ connectionOptions: {}, namespace: name, address });
  const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
  await client.workflowService.registerNamespace({ namespace: name, workflowExecutionRetentionPeriod });
  return { name, client, close };
}
