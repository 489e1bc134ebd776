import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildJob } from './job.ts';
import { startGoflowStandIn, type GoflowStandIn } from './stand-in.ts';
import { clientOf, resultBody } from './test-client.ts';

const job = buildJob({ images: 1, analyses: 2 });
const projectId = job.project.id;
let standIn: GoflowStandIn;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  standIn = await startGoflowStandIn();
  standIn.registerProject(job);
  client = clientOf(standIn, job);
});
afterEach(() => standIn.close());

function expectViolation(...parts: (string | RegExp)[]): void {
  expect(standIn.violations()).toHaveLength(1);
  for (const part of parts) expect(standIn.violations()[0]).toMatch(part);
}

it('reports a result before processing was accepted', async () => {
  await client.result();
  expectViolation('E3: a result before "processing" was accepted');
});

it('reports completed while combinations are missing, with both numbers', async () => {
  await client.status('processing');
  await client.result(0, 0);
  await client.status('completed');
  expectViolation('"completed" with 1 of 2 combinations accepted');
});

it('lets a project end with gaps where that is expected', async () => {
  standIn.registerProject(job, { expectComplete: false });
  await client.status('processing');
  await client.status('completed');
  expect(standIn.violations()).toEqual([]);
});

it('reports completed before processing', async () => {
  standIn.registerProject(job, { expectComplete: false });
  await client.status('completed');
  expectViolation('"completed" before "processing" was accepted');
});

it('reports the report before completed', async () => {
  await client.status('processing');
  await client.report();
  expectViolation('E4: the report before "completed" was accepted');
});

it('reports anything new after the report, but no repeat of what was accepted', async () => {
  await client.run();
  await client.report();
  await client.report();
  await client.result();
  expect(standIn.violations()).toEqual([]);
  await client.result(0, 0, resultBody(), { key: `${client.resultKey()}:2` });
  expectViolation('a call after the report was accepted');
});

it('reports unknown ids', async () => {
  const stranger = buildJob({ images: 1, analyses: 1, seed: 'stranger' }).project.id;
  await client.status('processing');
  await client.result(9, 9);
  await client.send('PUT', `/api/v1/agent/projects/${stranger}/reports`, {}, { key: `${stranger}:report` });
  expect(standIn.violations()).toEqual([
    expect.stringContaining(`unknown mediaId "no image 9" in project "${projectId}"`),
    expect.stringContaining(`unknown analysisId "no analysis 9" in project "${projectId}"`),
    expect.stringContaining(`unknown projectId "${stranger}"`),
  ]);
});

it.each([
  ['E2', () => client.status('processing', { key: undefined })],
  ['E3', () => client.status('processing').then(() => client.result(0, 0, resultBody(), { key: undefined }))],
  ['E4', () => client.run().then(() => client.report({ key: undefined }))],
])('reports %s without an Idempotency-Key', async (endpoint, act) => {
  await act();
  expectViolation(`${endpoint}: no Idempotency-Key`);
});

it.each([
  'run-7:processing',
  `${projectId}:processing:1`,
  `${projectId}:processing:rerun-0`,
  `${projectId}:processing:a`,
])('reports the key %s, with the right one beside it', async (key) => {
  await client.status('processing', { key });
  expectViolation(`"${key}"`, `should be "${projectId}:processing"`);
});

it.each(['', ':2', ':12', ':rerun-1', ':rerun-10:3'])('takes a key that ends in "%s"', async (suffix) => {
  await client.status('processing', { key: `${projectId}:processing${suffix}` });
  expect(standIn.violations()).toEqual([]);
});

it('reports a key with two bodies, also when the first never reached the ledger', async () => {
  await client.status('processing');
  standIn.faults.add({ endpoint: 'E3', action: { kind: 'answer', status: 422 } });
  await client.result(0, 0, resultBody({ modelUsed: 'first' }));
  await client.result(0, 0, resultBody({ modelUsed: 'second' }));
  expectViolation(`one key, two bodies: "${client.resultKey()}"`, /sha256:[0-9a-f]{64}.*sha256:[0-9a-f]{64}/);
});

it('reports an API key that was sent to an image host', async () => {
  await client.send('GET', '/media/missing-1.jpg');
  expectViolation('the API key was sent to the image host (/media/missing-1.jpg)');
});
