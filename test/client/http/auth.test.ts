import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { roles, routeAccess } from '../../../client/http/auth/access.ts';
import { callerOf } from '../../../client/http/auth/caller.ts';
import type { ErrorEnvelope } from '../../../client/http/errors.ts';
import { asRole, bearer, openApi, secret, tokenFor } from './api.ts';
import { audience, forged, good, goodClaims, issuer } from './forged-tokens.ts';

const url = '/api/v1/hosts';
const tokens = { secret, issuer, audience };

describe('a token for a secret', () => {
  test('that is good is let in', async () => {
    const { app } = await openApi({ tokens });
    expect((await app.inject({ url, headers: bearer(await good()) })).statusCode).toBe(200);
  });

  test.each(Object.keys(forged))('that %s is not', async (name) => {
    const { app, calls } = await openApi({ tokens });
    const token = await forged[name]?.();
    const answer = await app.inject({ url, headers: bearer(token ?? '') });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="gf25"/);
    expect(['InvalidToken', 'AuthenticationRequired']).toContain(answer.json<ErrorEnvelope>().error_code);
    // nothing of what would have been right
    expect(answer.body).not.toMatch(/login\.example|HS256|secret/);
    expect(calls).toEqual([]);
  });

  test.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['two tokens', { authorization: 'Bearer a.b.c d.e.f' }],
    ['a cookie', { cookie: 'token=a.b.c' }],
  ])('that comes as %s is asked for', async (_, headers) => {
    const { app } = await openApi({ tokens });
    const answer = await app.inject({ url: `${url}?access_token=${await good()}`, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="gf25"');
    expect(answer.json()).toMatchObject({ error_code: 'AuthenticationRequired' });
  });

  test('that has just expired is still good within the tolerance of clocks', async () => {
    const { app } = await openApi({ tokens });
    const seconds = Math.floor(Date.now() / 1_000);
    const sign = (exp: number) =>
      new SignJWT({ ...goodClaims(), exp }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
    expect((await app.inject({ url, headers: bearer(await sign(seconds - 2)) })).statusCode).toBe(200);
    expect((await app.inject({ url, headers: bearer(await sign(seconds - 10)) })).statusCode).toBe(401);
  });
});

describe('a token for a key set', () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function keySet() {
    const set = { keys: [] as object[], isDown: false, fetches: 0 };
    const server = createServer((_, response) => {
      set.fetches += 1;
      response.writeHead(set.isDown ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(set));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { set, jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys` };
  }

  async function addKey(set: { keys: object[] }, alg: string, kid: string) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    set.keys.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
    const sign = (header: object = {}, claims: object = {}) =>
      new SignJWT({ ...goodClaims(), ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
    return { sign, publicKey };
  }

  const statusOf = async (app: Awaited<ReturnType<typeof openApi>>['app'], token: string) =>
    (await app.inject({ url, headers: bearer(token) })).statusCode;

  test.each(['RS256', 'ES256', 'EdDSA'])('signed with %s is let in', async (alg) => {
    const { set, jwksUrl } = await keySet();
    const { sign } = await addKey(set, alg, 'one');
    const { app } = await openApi({ tokens: { jwksUrl, issuer, audience } });
    expect(await statusOf(app, await sign())).toBe(200);
    expect(await statusOf(app, await sign({}, { aud: 'billing' }))).toBe(401);
    expect(set.fetches).toBe(1);
  });

  test('signed with HMAC is not, not even with the public key as its secret', async () => {
    const { set, jwksUrl } = await keySet();
    const { publicKey } = await addKey(set, 'RS256', 'one');
    set.keys.push({ kty: 'oct', kid: 'two', alg: 'HS256', k: Buffer.from(secret).toString('base64url') });
    const { app } = await openApi({ tokens: { jwksUrl } });
    const pem = await exportSPKI(publicKey);
    for (const [kid, key] of [
      ['one', pem],
      ['one', JSON.stringify(set.keys[0])],
      ['two', secret],
    ] as const) {
      const confused = await new SignJWT(goodClaims())
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(new TextEncoder().encode(key));
      expect(await statusOf(app, confused)).toBe(401);
    }
  });

  test('signed with an algorithm that is not in the list, or by a stranger with our kid, is not', async () => {
    const { set, jwksUrl } = await keySet();
    const strong = await addKey(set, 'PS256', 'ps');
    await addKey(set, 'RS256', 'one');
    const stranger = await addKey({ keys: [] }, 'RS256', 'one');
    const { app } = await openApi({ tokens: { jwksUrl } });
    expect(await statusOf(app, await strong.sign())).toBe(401);
    expect(await statusOf(app, await stranger.sign())).toBe(401);
    expect(await statusOf(app, await stranger.sign({ kid: 'nobody' }))).toBe(401);
    expect(await statusOf(app, await stranger.sign({ jku: jwksUrl }))).toBe(401);
  });

  test('signed with a new key is let in once the set has it, and no longer once it was taken away', async () => {
    const { set, jwksUrl } = await keySet();
    const old = await addKey(set, 'ES256', 'old');
    const auth = { keyCooldownSeconds: 1, keyCacheSeconds: 2 };
    const { app } = await openApi({ tokens: { jwksUrl }, settings: { auth } });
    expect(await statusOf(app, await old.sign())).toBe(200);
    set.keys = [];
    const young = await addKey(set, 'ES256', 'young');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await statusOf(app, await young.sign())).toBe(200);
    expect(await statusOf(app, await old.sign())).toBe(401);
  });

  test('is nobody fault while the set cannot be read: 503, and not 401', async () => {
    const { set, jwksUrl } = await keySet();
    const { sign } = await addKey(set, 'RS256', 'one');
    set.isDown = true;
    const { app } = await openApi({ tokens: { jwksUrl } });
    const answer = await app.inject({ url, headers: bearer(await sign()) });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ error_code: 'KeysUnavailable' });
    expect(answer.body).not.toContain('127.0.0.1');
  });
});

describe('roles', () => {
  test.each([
    [{ roles: ['viewer'] }, 'viewer'],
    [{ roles: ['viewer', 'admin', 'operator'] }, 'admin'],
    [{ role: 'operator' }, 'operator'],
    [{ role: 'billing viewer' }, 'viewer'],
    [{ roles: [], role: 'operator' }, 'operator'],
    [{ roles: 'admin' }, undefined],
    [{ roles: ['Admin', 'administrator', ['admin'], { name: 'admin' }] }, undefined],
    [{ role: ['admin'] }, undefined],
    [{ scope: 'admin' }, undefined],
    [{}, undefined],
  ])('of %j are %s', (claims, role) => {
    expect(callerOf(claims).role).toBe(role);
  });

  const protectedRoutes = Object.entries(routeAccess).filter(([, { role }]) => role !== 'open');

  test.each(protectedRoutes)('%s wants %o, and says so to everybody with less', async (route, { role: needed }) => {
    const { app, calls } = await openApi();
    const [method = 'GET', pattern = ''] = route.split(' ');
    const request = { method: method as 'GET', url: pattern.replace(':id', 'one').replace(':verb', 'pause') };
    const needs = roles.indexOf(needed as never);
    for (const role of [undefined, ...roles.slice(0, needs)]) {
      const answer = await app.inject({ ...request, headers: bearer(await tokenFor(role)) });
      expect(answer.statusCode, role).toBe(403);
      expect(answer.json<ErrorEnvelope>().detail, role).toContain(`"${needed}"`);
      expect(answer.headers['www-authenticate'], role).toContain(`scope="${needed}"`);
    }
    expect((await app.inject(request)).statusCode).toBe(401);
    expect(calls).toEqual([]);
    for (const role of roles.slice(needs)) {
      const answer = await app.inject({ ...request, headers: await asRole(role) });
      expect([401, 403], role).not.toContain(answer.statusCode);
    }
  });

  test('are what a route must have: one without is refused at start', async () => {
    const { app } = await openApi({ tokens: {} });
    const { protectRoutes } = await import('../../../client/http/auth/authenticate.ts');
    const never = async () => undefined;
    const { fastify } = await import('fastify');
    const bare = fastify();
    protectRoutes(bare, () => Promise.reject(new Error('x')), { countRefusal: never, limitCaller: never });
    expect(() => bare.get('/api/v1/forgotten', never)).toThrow('GET /api/v1/forgotten has no role');
    await bare.close();
    expect((await app.inject('/api/v1/forgotten')).statusCode).toBe(503);
  });

  test('are there for exactly the routes that exist', async () => {
    const { app } = await openApi();
    const patterns = Object.keys(routeAccess).map((route) => route.split(' ') as ['GET', string]);
    for (const [method, url] of patterns) expect(app.hasRoute({ method, url }), `${method} ${url}`).toBe(true);
  });
});
