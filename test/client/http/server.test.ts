import { expect, inject, test } from 'vitest';
import { compiled } from '../../../tools/local/compiled.ts';
import { startProcess } from '../../../tools/local/processes.ts';
import { freePort } from '../../../tools/temporal/dev-server.ts';

async function startApi(env: Readonly<Record<string, string>>) {
  const port = await freePort();
  const api = await startProcess(compiled('client/http/server.ts'), [], { GF25_API_PORT: String(port), ...env });
  return {
    api,
    get: (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers }),
  };
}

test('the API serves health and metrics, and ends with 0 on SIGTERM', async () => {
  const { api, get } = await startApi({ TEMPORAL_ADDRESS: inject('temporalAddress') });
  expect(api.output()).toMatch(/^ready api$/m);
  const health = (await (await get('/health')).json()) as { components: { name: string; isHealthy: boolean }[] };
  expect(health.components.find(({ name }) => name === 'temporal')).toMatchObject({ isHealthy: true });
  expect(health.components.map(({ name }) => name)).toEqual(['temporal', 'goflow', 'gpu', 'disk', 'configuration']);
  expect((await get('/health/ready')).status).toBe(200);
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toContain('gf25_build_info');
  expect(metrics).toContain('gf25_config_reloads_total{outcome="refused"} 0\n');
  expect(metrics).toMatch(/^gf25_config_version\{hash="[\da-f]{12}"\} 1$/m);
  expect((await get('/api/v1/projects')).status).toBe(503);
  api.kill('SIGTERM');
  expect(await api.ended).toBe(0);
});

test('the API starts without Temporal and says so', async () => {
  const { api, get } = await startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(await (await get('/health')).json()).toMatchObject({ status: 'unhealthy' });
  expect((await get('/health/ready')).status).toBe(503);
  expect((await get('/health/live')).status).toBe(200);
  api.kill('SIGTERM');
  expect(await api.ended).toBe(0);
});

test('the head of a request that is too large is refused in the same envelope', async () => {
  const { api, get } = await startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1', GF25_JWT_SECRET: 'x'.repeat(32) });
  const answer = await get('/api/v1/projects', { authorization: `Bearer ${'x'.repeat(20_000)}` });
  expect(answer.status).toBe(431);
  expect(await answer.json()).toMatchObject({ error_code: 'HeadersTooLarge' });
  expect((await get('/api/v1/projects')).status).toBe(401);
  api.kill('SIGTERM');
  expect(await api.ended).toBe(0);
});

test('a malformed environment stops the API at its start, with every fault named', async () => {
  await expect(startApi({ GF25_API_PORT: 'eighty', GF25_LOG_LEVEL: 'loud' })).rejects.toThrow(
    /ended with 2 [^]*GF25_API_PORT[^]*GF25_LOG_LEVEL|ended with 2 [^]*GF25_LOG_LEVEL[^]*GF25_API_PORT/,
  );
});
