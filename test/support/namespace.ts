import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';

export interface TestNamespace {
  readonly name: string;
  readonly client: Client;
  close(): Promise<void>;
}

/** A fresh namespace, so that scenarios see nothing of each other. */
export async function createNamespace(address: string): Promise<TestNamespace> {
  const connection = await Connection.connect({ address });
  const name = `test-${randomUUID()}`;
  const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
  await connection.workflowService.registerNamespace({ namespace: name, workflowExecutionRetentionPeriod });
  return { name, client: new Client({ connection, namespace: name }), close: () => connection.close() };
}
