import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { buildApp } from '../../../client/http/app.ts';
import type { ErrorEnvelope } from '../../../client/http/errors.ts';
import { createApiMetrics } from '../../../client/http/metrics.ts';

const apps: ReturnType<typeof buildApp>[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

function open({ temporalFails = false } = {}) {
  const checkTemporal = async () => {
    if (temporalFails) throw new Error('14 UNAVAILABLE: connect ECONNREFUSED 10.0.0.7:7233');
  };
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const app = buildApp({ log, checkTemporal, metrics: createApiMetrics('1.2.3') });
  apps.push(app);
  return { app, lines };
}

test('health names every component, and is degraded without Temporal, without saying where that is', async () => {
  const well = await open().app.inject('/health');
  expect(well.statusCode).toBe(200);
  expect(well.json()).toMatchObject({ status: 'ok', components: [{ name: 'temporal', isHealthy: true }] });

  const { app, lines } = open({ temporalFails: true });
  const ill = await app.inject('/health');
  expect(ill.statusCode).toBe(200);
  expect(ill.json()).toEqual({
    status: 'degraded',
    components: [{ name: 'temporal', isHealthy: false, detail: 'does not answer' }],
  });
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
  expect(lines.join('')).toContain('10.0.0.7');
});

test.each(['/api', '/api/v1/projects', '/api/../api/x', '/%61pi/v1/projects', '/admin', '/admin/config/reload'])(
  '%s is closed while no authentication is configured, whatever the method and the body',
  async (url) => {
    const { app } = open();
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const) {
      const answer = await app.inject({
        method,
        url,
        payload: '{"broken',
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.statusCode, method).toBe(503);
      expect(answer.json<ErrorEnvelope>(), method).toMatchObject({ error_code: 'AuthenticationNotConfigured' });
    }
  },
);

test.each(['/', '/apiary', '/metrics/x', '/health/dead', '/openapi.json'])('%s is not there', async (url) => {
  const answer = await open().app.inject(url);
  expect(answer.statusCode).toBe(404);
  const envelope = answer.json<ErrorEnvelope>();
  expect(Object.keys(envelope).sort()).toEqual(['correlation_id', 'detail', 'error_code', 'timestamp']);
  expect(envelope.error_code).toBe('RouteNotFound');
  expect(envelope.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('a path that cannot be decoded is a bad request in the same envelope', async () => {
  const answer = await open().app.inject('/%zz');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ error_code: 'InvalidRequest' });
  expect(answer.json<ErrorEnvelope>().correlation_id).toMatch(/^[\w-]{36}$/);
});

test('what goes wrong inside stays inside, and is found in the log by its correlation id', async () => {
  const { app, lines } = open();
  app.get('/boom', () => Promise.reject(new Error('password is hunter2')));
  const answer = await app.inject({ url: '/boom', headers: { 'x-correlation-id': 'case-7' } });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('hunter2');
  expect(answer.json()).toMatchObject({ error_code: 'InternalError', correlation_id: 'case-7' });
  const line = lines.find((text) => text.includes('hunter2'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ correlationId: 'case-7' });
});

test.each([
  ['abc-1.2:x', true],
  ['', false],
  ['two words', false],
  ['x'.repeat(129), false],
  ['<script>', false],
])('the correlation id %j is taken over: %s', async (given, isTaken) => {
  const answer = await open().app.inject({ url: '/nowhere', headers: { 'x-correlation-id': given } });
  const id = answer.json<ErrorEnvelope>().correlation_id;
  expect(id === given).toBe(isTaken);
  expect(id).toMatch(/^[\w.:-]{1,128}$/);
  expect(answer.headers['x-correlation-id']).toBe(id);
});

test('metrics count requests by pattern, never by path', async () => {
  const { app } = open();
  for (const url of ['/health', '/api/v1/projects/1', '/api/v1/projects/2', '/nowhere/3']) await app.inject(url);
  const { body, headers } = await app.inject('/metrics');
  expect(headers['content-type']).toContain('text/plain');
  expect(body).toContain(`gf25_build_info{version="1.2.3",node="${process.version}"} 1`);
  expect(body).toContain('gf25_api_requests_total{method="GET",route="/health",status="200"} 1');
  expect(body).toContain('gf25_api_requests_total{method="GET",route="/api/*",status="503"} 2');
  expect(body).toContain('gf25_api_requests_total{method="GET",route="unknown",status="404"} 1');
  expect(body).toContain('gf25_api_request_duration_seconds_count{method="GET",route="/health",status="200"} 1');
  expect(body).not.toContain('projects');
});
