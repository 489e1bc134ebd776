import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { viewBacklogs } from '../../client/operations/view-backlogs.ts';
import { readVersion } from '../../config/version.ts';
import { freePort } from '../../tools/temporal/dev-server.ts';
import { openSite } from '../support/site.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/wait.ts';

afterEach(() => void vi.unstubAllEnvs());

test('a GPU worker shows its build and the GPUs of its machine', async () => {
  const folder = await temporaryFolder();
  const program = join(folder, 'nvidia-smi');
  await writeFile(program, '#!/bin/sh\necho "0, 91, 70000, 81559"\n');
  await chmod(program, 0o755);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  const port = await freePort();
  const site = await openSite({ env: { GF25_WORKER_PORT: String(port) } });
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toContain(`gf25_build_info{version="${readVersion()}",node="${process.version}"} 1\n`);
  expect(text).toContain('gf25_gpu_utilisation_ratio{gpu="0"} 0.91\n');
  expect(text).toContain(`gf25_gpu_memory_used_bytes{gpu="0"} ${70_000 * 1024 ** 2}\n`);
  await site.close();
});

test('images that no host has room for are a backlog', async () => {
  const site = await openSite({ hosts: [{ slots: 1, latencyMs: 10_000 }] });
  const job = site.enqueue({ images: 12, analyses: 1 });
  const backlogs = await until('images wait', async () => {
    const seen = await viewBacklogs({ client: site.client, namespace: site.namespace });
    return seen.some(({ queue, tasks }) => queue === 'goflow-gpu' && tasks > 0) && seen.length === 4 ? seen : undefined;
  });
  expect(backlogs.map(({ queue, kind }) => `${kind} ${queue}`)).toEqual([
    'workflow goflow',
    'activity goflow-io',
    'activity goflow-gpu',
    'activity goflow-gpu.host-1',
  ]);
  await site.project(job).signal('cancel', { reason: 'the test is over' });
  await expect(site.finished(job)).rejects.toThrow();
  await site.close();
});
