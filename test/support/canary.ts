import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';

/** Where a secret can be found that should be nowhere: texts, files of a folder, histories of a namespace. */
export async function findSecret(
  secret: string,
  places: { texts: Readonly<Record<string, string>>; folder: string; client: Client; namespace: string },
): Promise<string[]> {
  const found = Object.entries(places.texts).flatMap(([name, text]) => (text.includes(secret) ? [name] : []));
  for (const entry of await readdir(places.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    if ((await readFile(file)).includes(secret)) found.push(file);
  }
  for await (const { workflowId, runId } of places.client.workflow.list()) {
    const history = await places.client.workflow.getHandle(workflowId, runId).fetchHistory();
    // payloads are bytes in there
    const text = JSON.stringify(history, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    if (text.includes(secret)) found.push(`history of ${workflowId}`);
  }
  return found;
}
