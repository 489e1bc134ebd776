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
