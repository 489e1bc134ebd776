import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { secret } from './api.ts';

export const issuer = 'https://login.example/';
export const audience = 'gf25';

const key = new TextEncoder().encode(secret);
const seconds = () => Math.floor(Date.now() / 1_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const goodClaims = (): JWTPayload => ({
  ...{ iss: issuer, aud: audience, sub: 'somebody', roles: ['admin'] },
  ...{ iat: seconds(), nbf: seconds(), exp: seconds() + 600 },
});

const sign = (claims: JWTPayload, header: Record<string, unknown> = {}, by: Uint8Array = key) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(by);

const without = (claim: string): JWTPayload =>
  Object.fromEntries(Object.entries(goodClaims()).filter(([name]) => name !== claim));

/** A token by hand, with whatever header and a correct HMAC over it. */
const byHand = (header: object, claims: object, by: string | Uint8Array = secret): string =>
  withText(header, JSON.stringify(claims), by);

function withText(header: object, claims: string, by: string | Uint8Array = secret): string {
  const text = `${encode(header)}.${Buffer.from(claims).toString('base64url')}`;
  return `${text}.${createHmac('sha256', by).update(text).digest('base64url')}`;
}

export const good = () => sign(goodClaims());

/** What must not be let in by a secret of HS256: the name says why. */
export const forged: Readonly<Record<string, () => Promise<string> | string>> = {
  'is not signed (alg none)': () => `${encode({ alg: 'none' })}.${encode(goodClaims())}.`,
  'is not signed (alg None)': () => `${encode({ alg: 'None' })}.${encode(goodClaims())}.`,
  'says none and carries a signature': () => byHand({ alg: 'none' }, goodClaims()),
  'has no algorithm': () => byHand({ typ: 'JWT' }, goodClaims()),
  'has an empty signature': async () => (await good()).replace(/[^.]+$/, ''),
  'has two parts': async () => (await good()).replace(/\.[^.]+$/, ''),
  'has four parts': async () => `${await good()}.x`,
  'has the signature of another token': async () => {
    const [header, , signature] = (await good()).split('.');
    return [header, encode({ ...goodClaims(), sub: 'somebody else' }), signature].join('.');
  },
  'has a tampered header': async () => {
    const [, payload, signature] = (await good()).split('.');
    return [encode({ alg: 'HS256', kid: 'x' }), payload, signature].join('.');
  },
  'has a shortened signature': async () => (await good()).slice(0, -6),
  'is signed with another secret': () => sign(goodClaims(), {}, new TextEncoder().encode('x'.repeat(32))),
  'is signed with an empty secret': () => byHand({ alg: 'HS256' }, goodClaims(), new Uint8Array()),
  'is signed with HS384': () => sign(goodClaims(), { alg: 'HS384' }),
  'is signed with HS512': () => sign(goodClaims(), { alg: 'HS512' }),
  'is signed with an RSA key of its own': async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    return new SignJWT(goodClaims()).setProtectedHeader({ alg: 'RS256', jwk }).sign(privateKey);
  },
  'brings its key along (jwk)': () =>
    sign(goodClaims(), { jwk: { kty: 'oct', k: Buffer.alloc(32).toString('base64url') } }, new Uint8Array(32)),
  'names a key set of its own (jku)': () =>
    sign(goodClaims(), { jku: 'https://evil.example/keys' }, new Uint8Array(32)),
  'names a certificate of its own (x5u)': () =>
    sign(goodClaims(), { x5u: 'https://evil.example/c' }, new Uint8Array(32)),
  'has a kid that is a path': () => sign(goodClaims(), { kid: '../../dev/null' }, new Uint8Array(32)),
  'needs what we do not know (crit)': () => byHand({ alg: 'HS256', crit: ['x'], x: 1 }, goodClaims()),
  'has expired': () => sign({ ...goodClaims(), exp: seconds() - 60 }),
  'has no expiry': () => sign(without('exp')),
  'has an expiry that is no number': () => sign({ ...goodClaims(), exp: 'never' as unknown as number }),
  'has an expiry beyond all numbers': () =>
    withText({ alg: 'HS256' }, JSON.stringify({ ...goodClaims(), exp: 0 }).replace('"exp":0', '"exp":1e400')),
  'is not valid yet (nbf)': () => sign({ ...goodClaims(), nbf: seconds() + 60 }),
  'is from another issuer': () => sign({ ...goodClaims(), iss: 'https://evil.example/' }),
  'is from an issuer that begins like ours': () => sign({ ...goodClaims(), iss: `${issuer}x` }),
  'names no issuer': () => sign(without('iss')),
  'is for another audience': () => sign({ ...goodClaims(), aud: 'billing' }),
  'is for many others': () => sign({ ...goodClaims(), aud: ['billing', 'GF25', 'gf25 '] }),
  'names no audience': () => sign(without('aud')),
  'is of another type': () => sign(goodClaims(), { typ: 'logout+jwt' }),
  'is huge': () => sign({ ...goodClaims(), padding: 'x'.repeat(9_000) }),
  'holds no claims': () => byHand({ alg: 'HS256' }, []),
  'holds no JSON': () => withText({ alg: 'HS256' }, '{"exp":'),
  'is no token': () => 'hello',
};
