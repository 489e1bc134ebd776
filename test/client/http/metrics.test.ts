import { expect, test } from 'vitest';
import { createApiMetrics } from '../../../client/http/metrics.ts';

test('reloads are counted by outcome, and records that were lost', async () => {
  const metrics = createApiMetrics('1.2.3');
  metrics.noteReload({ outcome: 'refused' });
  metrics.noteLostRecord();
  const text = await metrics.registry.metrics();
  expect(text).toContain('gf25_config_reloads_total{outcome="refused"} 1\n');
  expect(text).toContain('gf25_config_reloads_total{outcome="changed"} 0\n');
  expect(text).toContain('gf25_audit_records_lost_total{audit="operators"} 1\n');
});

test('the backlog of each queue is what Temporal says, and a Temporal that hangs keeps no scrape waiting', async () => {
  const metrics = createApiMetrics('1.2.3');
  metrics.watchBacklogs(async () => [
    { queue: 'goflow', kind: 'workflow', tasks: 3 },
    { queue: 'goflow-gpu.host-1', kind: 'activity', tasks: 0 },
  ]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('gf25_queue_backlog{queue="goflow",kind="workflow"} 3\n');
  expect(text).toContain('gf25_queue_backlog{queue="goflow-gpu.host-1",kind="activity"} 0\n');

  const hanging = createApiMetrics('1.2.3');
  hanging.watchBacklogs(() => new Promise(() => undefined));
  expect(await hanging.registry.metrics()).not.toContain('gf25_queue_backlog{');
});
