import { expect, test } from 'vitest';
import type { Job } from '../stand-ins/goflow/job.ts';
import { openSite, type Site } from '../support/site.ts';
import { sleep } from '../support/wait.ts';

interface Metadata {
  readonly currentDetails: string;
  readonly definition: { readonly queryDefinitions: readonly { name: string; description: string }[] };
}

/** What the Web UI asks for. */
const metadataOf = (site: Site, job: Job) => site.project(job).query<Metadata>('__temporal_workflow_metadata');

async function eventsOf(site: Site): Promise<string[]> {
  const types: string[] = [];
  for await (const { workflowId, runId, type } of site.client.workflow.list()) {
    if (type === 'goflowIntake') continue;
    const { events } = await site.client.workflow.getHandle(workflowId, runId).fetchHistory();
    types.push(
      ...(events ?? []).map(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? ''),
    );
  }
  return types;
}

/** It is made anew every 5 s at most; the rest is room for a busy machine. */
const freshWithinMs = 10_000;

test('the live text of a project is fresh, and costs no event', async () => {
  const site = await openSite({ hosts: [{ slots: 8, latencyMs: 400 }] });
  const job = site.enqueue({ images: 20, analyses: 25 });
  const accepted: { atMs: number; count: number }[] = [];
  let looks = 0;
  const over = site.finished(job).then(() => 'over' as const);
  while ((await Promise.race([over, sleep(300)])) !== 'over') {
    accepted.push({ atMs: Date.now(), count: site.goflow.calls().filter(({ endpoint }) => endpoint === 'E3').length });
    const text = await metadataOf(site, job).then(
      ({ currentDetails }) => currentDetails,
      () => '',
    );
    const shown = Number(/\*\*(\d+) of 500\*\*/.exec(text)?.[1] ?? 0);
    const before = accepted.findLast(({ atMs }) => atMs <= Date.now() - freshWithinMs)?.count ?? 0;
    expect(shown).toBeGreaterThanOrEqual(before);
    if (/per minute · about \d+ (s|min) left/.test(text)) looks += 1;
  }
  expect(looks).toBeGreaterThan(3);
  const events = await eventsOf(site);
  expect(events.length).toBeGreaterThan(4_000);
  expect(events.filter((name) => name === 'news')).toEqual([]);
  await site.close();
});

test('a project that holds says what failed and what an operator can do, word for word', async () => {
  const site = await openSite();
  site.goflow.faults.add({ endpoint: 'E3', times: 1, action: { kind: 'answer', status: 400, body: { detail: 'no' } } });
  const job = site.enqueue({ images: 2, analyses: 3 });
  await site.untilPhase(job, 'holding');
  const { currentDetails, definition } = await metadataOf(site, job);
  const { id } = job.project;
  for (const line of [
    'Waits for an operator: 1 of 6 combinations failed (GoFlowRefused): retry, accept or cancel',
    `gf25 projects retry ${id}\n`,
    `temporal workflow signal -n ${site.namespace} \\\n  -w project-${id} \\\n  --name accept -i '{"reason":"TEXT"}'`,
  ])
    expect(currentDetails).toContain(line);
  expect(definition.queryDefinitions.filter(({ description }) => !description)).toEqual([]);
  const { typedSearchAttributes } = await site.project(job).describe();
  expect(JSON.stringify(typedSearchAttributes.getAll())).toContain('holding');
  await site.close();
});
