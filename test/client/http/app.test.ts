import { expect, test } from 'vitest';
import type { ErrorEnvelope } from '../../../client/http/errors.ts';
import { createHealth } from '../../../client/http/health/health.ts';
import { asRole, openApi } from './api.ts';

const closed = { tokens: {} };

test.each([
  '/api',
  '/api/v1/projects',
  '/api/../api/x',
  '/%61pi/v1/projects',
  '/admin',
  '/admin/config/reload',
  '/docs',
])('%s is closed while no authentication is configured, whatever the method and the body', async (url) => {
  const { app } = await openApi(closed);
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
});

test.each(['/', '/apiary', '/metrics/x', '/health/dead', '/openapi.json', '/api/v2/projects', '/admin'])(
  '%s is not there',
  async (url) => {
    const { app } = await openApi();
    const answer = await app.inject({ url, headers: await asRole('admin') });
    expect(answer.statusCode).toBe(404);
    const envelope = answer.json<ErrorEnvelope>();
    expect(Object.keys(envelope).sort()).toEqual(['correlation_id', 'detail', 'error_code', 'timestamp']);
    expect(envelope.error_code).toBe('RouteNotFound');
    expect(envelope.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  },
);

test('a path that exists says which methods it knows', async () => {
  const { app } = await openApi();
  for (const [method, url, allow] of [
    ['DELETE', '/api/v1/projects', 'GET, HEAD, POST'],
    ['GET', '/api/v1/projects/x/retry', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/hosts', 'GET, HEAD'],
    ['HEAD', '/api/v1/projects/x/events', 'GET'],
  ] as const) {
    const answer = await app.inject({ method, url, payload: '{"broken' });
    expect(answer.statusCode, url).toBe(405);
    expect(answer.headers.allow, url).toBe(allow);
  }
});

test('a path that cannot be decoded is a bad request in the same envelope', async () => {
  const answer = await (await openApi()).app.inject('/%zz');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ error_code: 'InvalidRequest' });
  expect(answer.json<ErrorEnvelope>().correlation_id).toMatch(/^[\w-]{36}$/);
});

test.each([
  ['{"broken', 'application/json', 400, 'InvalidRequest'],
  ['{"__proto__":{"x":1}}', 'application/json', 400, 'InvalidRequest'],
  ['reason=x', 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
  ['{"reason":"x"}', 'text/plain', 415, 'UnsupportedMediaType'],
  [JSON.stringify({ reason: 'x'.repeat(70_000) }), 'application/json', 413, 'BodyTooLarge'],
  ['{"reason":""}', 'application/json', 422, 'ValidationFailed'],
  ['{"reason":"x","more":1}', 'application/json', 422, 'ValidationFailed'],
  ['', 'application/json', 422, 'ValidationFailed'],
])('the body %j of type %s is refused with %i', async (payload, type, status, error_code) => {
  const { app, calls } = await openApi();
  const headers = { ...(await asRole('operator')), 'content-type': type };
  const answer = await app.inject({ method: 'POST', url: '/api/v1/projects/x/cancel', payload, headers });
  expect([answer.statusCode, answer.json<ErrorEnvelope>().error_code]).toEqual([status, error_code]);
  expect(calls).toEqual([]);
});

test('what goes wrong inside stays inside, and is found in the log by its correlation id', async () => {
  const { app, log } = await openApi();
  const headers = { ...(await asRole('viewer')), 'x-correlation-id': 'case-7' };
  const answer = await app.inject({ url: '/api/v1/projects/breaks', headers });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('hunter2');
  expect(answer.json()).toMatchObject({ error_code: 'InternalError', correlation_id: 'case-7' });
  const line = log()
    .split('\n')
    .find((text) => text.includes('hunter2'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ correlationId: 'case-7' });
});

test.each([
  ['missing', 404, 'NotFound', 'there is no project missing'],
  ['refuses', 409, 'Refused', 'the project is not paused'],
  ['wrong', 422, 'ValidationFailed', 'mediaId: must be known; step: must be report'],
  ['silent', 504, 'Unanswered', 'project silent has not answered; the word may still reach it'],
  ['unreachable', 503, 'TemporalUnreachable', undefined],
  ['no-namespace', 503, 'TemporalRefused', undefined],
  ['no-access', 503, 'TemporalRefused', undefined],
])('a project that is %s answers %i %s, without a word about our surroundings', async (id, status, code, detail) => {
  const { app } = await openApi();
  const answer = await app.inject({
    method: 'POST',
    url: `/api/v1/projects/${id}/retry`,
    headers: await asRole('operator'),
  });
  expect([answer.statusCode, answer.json<ErrorEnvelope>().error_code]).toEqual([status, code]);
  if (detail !== undefined) expect(answer.json<ErrorEnvelope>().detail).toBe(detail);
  expect(answer.body).not.toMatch(/10\.0\.0\.7|secret-name/);
});

test.each([
  ['abc-1.2:x', true],
  ['', false],
  ['two words', false],
  ['x'.repeat(129), false],
  ['<script>', false],
])('the correlation id %j is taken over: %s', async (given, isTaken) => {
  const answer = await (await openApi()).app.inject({ url: '/nowhere', headers: { 'x-correlation-id': given } });
  const id = answer.json<ErrorEnvelope>().correlation_id;
  expect(id === given).toBe(isTaken);
  expect(id).toMatch(/^[\w.:-]{1,128}$/);
  expect(answer.headers['x-correlation-id']).toBe(id);
});

test('metrics count requests by pattern, never by path', async () => {
  const { app } = await openApi();
  const headers = await asRole('viewer');
  for (const url of ['/health', '/api/v1/projects/p1', '/api/v1/projects/p2', '/nowhere/3'])
    await app.inject({ url, headers });
  const { body, headers: given } = await app.inject('/metrics');
  expect(given['content-type']).toContain('text/plain');
  expect(body).toContain(`gf25_build_info{version="1.2.3",node="${process.version}"} 1`);
  expect(body).toContain('gf25_api_requests_total{method="GET",route="/health",status="200"} 1');
  expect(body).toContain('gf25_api_requests_total{method="GET",route="/api/v1/projects/:id",status="200"} 2');
  expect(body).toContain('gf25_api_requests_total{method="GET",route="unknown",status="404"} 1');
  expect(body).toContain('gf25_api_request_duration_seconds_count{method="GET",route="/health",status="200"} 1');
  expect(body).toContain('gf25_api_streams 0');
  expect(body).not.toContain('p1');
});

test('every answer tells a browser to be careful', async () => {
  const { app } = await openApi();
  for (const url of ['/health', '/api/v1/projects', '/nowhere']) {
    const { headers } = await app.inject(url);
    expect(headers).toMatchObject({
      ...{ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' },
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  }
});

test.each([
  ['healthy', [], 200, 200],
  ['degraded', ['gpu:host-1'], 200, 200],
  ['unhealthy', ['temporal', 'goflow'], 503, 503],
] as const)('health is %s when %j are ill', async (status, ill, health, ready) => {
  const names = ['temporal', 'goflow', 'gpu:host-1', 'disk'];
  const check = (name: string) => async () => {
    if (name === 'goflow' && ill.includes(name as never)) throw new Error('10.0.0.7 says no');
    return [{ name, isHealthy: !ill.includes(name as never), detail: 'x' }];
  };
  const failures: string[] = [];
  const checks = { temporal: check('temporal'), ...Object.fromEntries(names.map((name) => [name, check(name)])) };
  const { app } = await openApi({ health: createHealth(checks, (name) => failures.push(name)) });
  const answer = await app.inject('/health');
  expect(answer.statusCode).toBe(health);
  const components = names.map((name) => ({ name, isHealthy: !ill.includes(name as never) }));
  expect(answer.json()).toMatchObject({ status, components });
  expect(answer.body).not.toContain('10.0.0.7');
  expect((await app.inject('/health/ready')).statusCode).toBe(ready);
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
  expect(failures).toEqual(ill.includes('goflow' as never) ? ['goflow'] : []);
});

test('health looks once a second however many ask, and does not wait for who never answers', async () => {
  let looks = 0;
  const temporal = () => {
    looks += 1;
    return new Promise<never>(() => undefined);
  };
  const look = createHealth({ temporal }, () => undefined);
  const [first, second] = await Promise.all([look(), look()]);
  expect(first).toBe(second);
  expect(looks).toBe(1);
  expect(first).toMatchObject({ status: 'unhealthy', components: [{ name: 'temporal', detail: 'does not answer' }] });
});
