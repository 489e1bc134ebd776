import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, expect, test } from 'vitest';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import type { RecordedRun } from '../support/record-histories.ts';

const histories = join(import.meta.dirname, 'histories');
const scenarios = readdirSync(histories).flatMap((release) =>
  readdirSync(join(histories, release)).map((file) => join(release, file)),
);

let workflowBundle: { code: string };

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF' } } });
  workflowBundle = await bundleWorkflows();
}, 60_000);

const recorded = (file: string) =>
  JSON.parse(gunzipSync(readFileSync(join(histories, file))).toString('utf8')) as RecordedRun[];

/** What replaying says of each run: nothing when the code of today decides as the code of then did. */
async function replay(runs: readonly RecordedRun[]): Promise<Map<string, Error | undefined>> {
  const results = new Map<string, Error | undefined>();
  const given = runs.map(({ workflowId, history }) => ({ workflowId, history: historyFromJSON(history) }));
  for await (const { workflowId, runId, error } of Worker.runReplayHistories({ workflowBundle }, given))
    results.set(`${workflowId} ${runId}`, error);
  return results;
}

test.each(scenarios)('%s', { timeout: 60_000 }, async (file) => {
  const runs = recorded(file);
  const results = await replay(runs);
  expect(results.size).toBe(runs.length);
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);
});

test('there are finished projects with their images and intakes among them', () => {
  const types = scenarios.flatMap((file) => recorded(file).map(typeAndEnd));
  const count = (text: string) => types.filter((type) => type === text).length;
  expect(count('goflowProject EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED')).toBeGreaterThanOrEqual(3);
  expect(count('goflowProject EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW')).toBeGreaterThanOrEqual(1);
  expect(count('goflowMedia EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED')).toBeGreaterThanOrEqual(3);
  expect(types.some((type) => type.startsWith('goflowIntake'))).toBe(true);
});

test('a history that this code would not have made is found out', { timeout: 60_000 }, async () => {
  const file = scenarios.find((name) => name.includes('a-refused-result')) ?? '';
  const runs = recorded(file).filter((run) => JSON.stringify(run).includes('"stageImage"'));
  const other = JSON.parse(JSON.stringify(runs).replaceAll('"stageImage"', '"fetchImage"')) as RecordedRun[];
  const errors = [...(await replay(other)).values()];
  expect(errors).toHaveLength(runs.length);
  for (const error of errors) expect(error).toBeInstanceOf(DeterminismViolationError);
});

function typeAndEnd({ history }: RecordedRun): string {
  const { events } = history as {
    events: { eventType: string; workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }[];
  };
  const type = events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
  return `${type} ${events.at(-1)?.eventType}`;
}
