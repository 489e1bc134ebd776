import { expect, test } from 'vitest';
import { asRole, bearer, openApi, tokenFor } from './api.ts';

const rateLimits = { windowSeconds: 60, processing: 3, reports: 2, refusals: 2 };

test('a caller who asks too often has to wait, and nobody else has', async () => {
  const { app } = await openApi({ settings: { rateLimits } });
  const headers = await asRole('viewer');
  const ask = () => app.inject({ url: '/api/v1/projects', headers });
  for (const remaining of ['2', '1', '0']) {
    const answer = await ask();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': remaining });
  }
  const late = await ask();
  expect(late.statusCode).toBe(429);
  expect(late.json()).toMatchObject({ error_code: 'RateLimited' });
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(50);
  expect(Number(late.headers['retry-after'])).toBeLessThanOrEqual(60);

  // the same subject with another token is the same caller; another subject and another kind of endpoint are not
  const again = bearer(await tokenFor('admin', { sub: 'x' }));
  expect((await app.inject({ url: '/api/v1/hosts', headers })).statusCode).toBe(429);
  expect((await app.inject({ url: '/api/v1/hosts', headers: again })).statusCode).toBe(200);
  expect((await app.inject({ url: '/api/v1/projects/one/report', headers })).statusCode).toBe(200);
  expect((await app.inject({ url: '/health', headers })).statusCode).toBe(200);
});

test('reports have a limit of their own', async () => {
  const { app } = await openApi({ settings: { rateLimits } });
  const headers = await asRole('viewer');
  const statuses: number[] = [];
  for (const name of ['report', 'report.html', 'report'])
    statuses.push((await app.inject({ url: `/api/v1/projects/one/${name}`, headers })).statusCode);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await app.inject({ url: '/api/v1/projects', headers })).statusCode).toBe(200);
});

test('the limits that we ship are those of the contract', async () => {
  const { app } = await openApi();
  const headers = await asRole('viewer');
  const limitOf = async (url: string) => (await app.inject({ url, headers })).headers['ratelimit-limit'];
  expect(await limitOf('/api/v1/projects')).toBe('100');
  expect(await limitOf('/api/v1/projects/one/report')).toBe('50');
});

test('an address that comes without a good token again and again has to wait, and good tokens from there have not', async () => {
  const { app } = await openApi({ settings: { rateLimits } });
  const ask = (headers = {}) => app.inject({ url: '/api/v1/projects', headers });
  expect((await ask()).statusCode).toBe(401);
  expect((await ask({ authorization: 'Bearer a.b.c' })).statusCode).toBe(401);
  const late = await ask();
  expect(late.statusCode).toBe(429);
  expect(late.headers['retry-after']).toMatch(/^\d+$/);
  expect((await ask(await asRole('viewer'))).statusCode).toBe(200);
});

const ours = 'https://ops.example.com';
const cors = {
  production: { origins: [ours], credentials: true, methods: ['GET', 'POST', 'PUT', 'DELETE'], maxAgeSeconds: 600 },
};
const preflight = (origin: string) => ({
  method: 'OPTIONS' as const,
  url: '/api/v1/projects/one/pause',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
});

test('the page of a configured origin may call, with credentials and after a preflight without a token', async () => {
  const { app } = await openApi({ settings: { cors } });
  const asked = await app.inject(preflight(ours));
  expect(asked.statusCode).toBe(204);
  expect(asked.headers).toMatchObject({
    'access-control-allow-origin': ours,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-max-age': '600',
    vary: 'Origin',
  });
  expect(asked.headers['access-control-allow-headers']).toContain('Authorization');
  const answer = await app.inject({ url: '/api/v1/projects', headers: { origin: ours, ...(await asRole('viewer')) } });
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ours });
  expect(answer.headers['access-control-expose-headers']).toContain('x-correlation-id');
  // an error is readable for the page, too
  const refused = await app.inject({ url: '/api/v1/projects', headers: { origin: ours } });
  expect(refused.headers['access-control-allow-origin']).toBe(ours);
});

test.each([
  'https://evil.example',
  'https://ops.example.com.evil.example',
  'http://ops.example.com',
  'https://ops.example.com:8443',
  'null',
  '*',
])('the page of %s may not', async (origin) => {
  const { app } = await openApi({ settings: { cors } });
  const asked = await app.inject(preflight(origin));
  expect(asked.statusCode).toBe(405);
  expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
  const answer = await app.inject({ url: '/api/v1/projects', headers: { origin, ...(await asRole('viewer')) } });
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
});

test('each environment has its own origins, and production has none as we ship it', async () => {
  const local = 'http://localhost:3000';
  for (const [environment, allowed] of [
    ['production', undefined],
    ['development', local],
  ] as const) {
    const { app } = await openApi({ environment });
    expect((await app.inject(preflight(local))).headers['access-control-allow-origin']).toBe(allowed);
  }
});
