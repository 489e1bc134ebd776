import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'vitest';
import { projectRoot } from '../../config/project-root.ts';

/** Where scenarios leave what they did, to be replayed by later releases: see `test/replay`. Unset: nowhere. */
export const recordFolder = process.env['GF25_RECORD_HISTORIES'];

/** As it is stored. The history has Temporal's JSON form. */
export interface RecordedRun {
  readonly workflowId: string;
  readonly history: unknown;
}

/** Writes every run of the client's namespace into one file, named like the test. */
export async function recordHistories(client: Client, folder: string): Promise<void> {
  const runs: RecordedRun[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push({ workflowId, history: JSON.parse(historyToJSON(history)) });
  }
  const scenario = (expect.getState().currentTestName ?? 'no test').replaceAll(/\W+/g, '-');
  // stack traces name the files of this machine
  const text = JSON.stringify(runs).replaceAll(join(projectRoot, '/'), '');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${scenario}.json.gz`), gzipSync(text, { level: 9 }));
}
