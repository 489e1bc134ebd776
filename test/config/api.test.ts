import { describe, expect, test } from 'vitest';
import { faultsOf, faultsOfEdited, loadEdited } from './folders.ts';

describe('what our API is told by api_endpoints.yaml', () => {
  test.each([
    ['origins: []', "origins: ['*']", 'api.cors.production.origins.0: must be an origin'],
    ['origins: []', "origins: ['https://ops.example.com/']", 'api.cors.production.origins.0: must be an origin'],
    ['origins: []', "origins: ['https://ops.example.com:443']", 'api.cors.production.origins.0: must be an origin'],
    ['origins: []', "origins: ['null']", 'api.cors.production.origins.0: must be an origin'],
    ['origins: []', "origins: ['http://ops.example.com']", 'api.cors.production.origins.0: must be https'],
    ['methods: [GET, POST, PUT, DELETE], max', 'methods: [TRACE], max', 'api.cors.production.methods.0'],
    ['algorithms: [RS256, ES256, EdDSA]', 'algorithms: [none]', 'api.auth.algorithms.0'],
    ['algorithms: [RS256, ES256, EdDSA]', 'algorithms: [RS256, HS256]', 'api.auth.algorithms.1'],
    ['algorithms: [RS256, ES256, EdDSA]', 'algorithms: []', 'api.auth.algorithms'],
    ['clockToleranceSeconds: 5', 'clockToleranceSeconds: 3600', 'api.auth.clockToleranceSeconds'],
    ['processing: 100', 'processing: 0', 'api.rateLimits.processing'],
    ['reports: 50', 'report: 50', 'api.rateLimits'],
    ['streams: 100', 'streams: many', 'api.limits.streams'],
  ])('%s may not be %s', async (from, to, words) => {
    const faults = await faultsOfEdited({
      'api_endpoints.yaml': (text) => {
        expect(text).toContain(from);
        return text.replace(from, () => to);
      },
    });
    expect(faults.some((fault) => /api_endpoints\.yaml:\d+: /.test(fault) && fault.includes(words))).toBe(true);
  });

  test('may be other origins for each environment', async () => {
    const { endpoints } = await loadEdited({
      'api_endpoints.yaml': (text) => text.replace('origins: []', "origins: ['https://ops.example.com:8443']"),
    });
    expect(endpoints.api.cors.production.origins).toEqual(['https://ops.example.com:8443']);
    expect(endpoints.api.rateLimits).toMatchObject({ processing: 100, reports: 50 });
  });
});

describe('who may use it, as the environment says', () => {
  const secret = 'x'.repeat(32);
  test.each([
    [{ GF25_JWT_SECRET: 'x'.repeat(31) }, 'GF25_JWT_SECRET: must have at least 32 bytes'],
    [{ GF25_JWT_SECRET: secret, GF25_JWT_JWKS_URL: 'https://login.example/keys' }, 'cannot be set together'],
    [{ GF25_JWT_JWKS_URL: 'http://login.example/keys' }, 'GF25_JWT_JWKS_URL: must be https'],
    [{ GF25_JWT_JWKS_URL: 'keys' }, 'GF25_JWT_JWKS_URL: must be an http(s) URL'],
    [{ GF25_JWT_ISSUER: 'https://login.example/' }, 'GF25_JWT_ISSUER: is of no use without'],
    [{ GF25_JWT_AUDIENCE: 'gf25' }, 'GF25_JWT_AUDIENCE: is of no use without'],
  ])('%o is refused, without the secret in the message', (env, words) => {
    const faults = faultsOf(env, ['callers']).join('\n');
    expect(faults).toContain(words);
    expect(faults).not.toContain('xxx');
  });

  test.each([
    {},
    { GF25_JWT_SECRET: secret },
    { GF25_JWT_SECRET: 'ü'.repeat(16), GF25_JWT_AUDIENCE: 'gf25', GF25_JWT_ISSUER: 'me' },
    { GF25_JWT_JWKS_URL: 'https://login.example/keys' },
    { GF25_JWT_JWKS_URL: 'http://127.0.0.1/keys', GF25_ENV: 'development' },
  ])('%o is accepted', (env) => {
    expect(faultsOf(env, ['callers'])).toEqual([]);
  });

  test('concerns the API alone: a worker starts with half of it', () => {
    expect(faultsOf({ GF25_JWT_ISSUER: 'https://login.example/' })).toEqual([]);
  });
});
