import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyOptions, type JWTVerifyResult } from 'jose';
import type { ApiSettings } from '../../../config/api.ts';
import { ApiError } from '../api-errors.ts';
import { type Caller, callerOf } from './caller.ts';

/** `GF25_JWT_*`: a secret or the address of a key set; `loadConfig` refuses both at once. */
export interface TokenSettings {
  readonly secret?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** @throws {ApiError} InvalidToken, KeysUnavailable */
export type VerifyToken = (token: string) => Promise<Caller>;

/** Far above what an access token needs. */
const maxTokenLength = 8_192;
const fetchTimeoutMs = 5_000;
/** RFC 9068 and what came before it; an ID token of OpenID Connect says nothing or JWT, so the audience must tell. */
const tokenTypes = ['jwt', 'at+jwt', 'application/at+jwt'];

/**
 * Tells whom a token speaks for. The algorithm comes from our settings and never from the token, the key from our
 * settings or our key set and never from an address or a key inside the token.
 *
 * @returns undefined when no key is configured: then nobody can be let in
 */
export function createVerifyToken(settings: TokenSettings, auth: ApiSettings['auth']): VerifyToken | undefined {
  const check = checkSignature(settings, auth);
  if (!check) return undefined;
  return async (token) => {
    if (token.length > maxTokenLength) throw refused('it is too long');
    try {
      const { payload, protectedHeader } = await check(token);
      if (protectedHeader.typ !== undefined && !tokenTypes.includes(protectedHeader.typ.toLowerCase()))
        throw refused('it is of another type');
      // 1e400 is a number in JSON and never over
      if (!Number.isFinite(payload.exp)) throw refused('its claim "exp" is not accepted');
      return callerOf(payload);
    } catch (error) {
      throw error instanceof ApiError ? error : inOurWords(error);
    }
  };
}

function checkSignature({ secret, jwksUrl, issuer, audience }: TokenSettings, auth: ApiSettings['auth']) {
  const claims: JWTVerifyOptions = {
    requiredClaims: ['exp'],
    clockTolerance: auth.clockToleranceSeconds,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  if (secret !== undefined) {
    const key = new TextEncoder().encode(secret);
    return (token: string): Promise<JWTVerifyResult> => jwtVerify(token, key, { ...claims, algorithms: ['HS256'] });
  }
  if (jwksUrl === undefined) return undefined;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration: auth.keyCooldownSeconds * 1_000,
    cacheMaxAge: auth.keyCacheSeconds * 1_000,
  });
  return (token: string): Promise<JWTVerifyResult> =>
    jwtVerify(token, keys, { ...claims, algorithms: auth.algorithms });
}

/** Enough for whoever has a right to know, and no more: never what was expected instead. */
function inOurWords(error: unknown): ApiError {
  if (error instanceof errors.JWTExpired) return refused('it has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`its claim "${error.claim}" is not accepted`);
  const isOfToken =
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys;
  if (isOfToken) return refused('it is malformed, or not signed with a known key');
  return new ApiError('KeysUnavailable', undefined, { 'retry-after': '5' });
}

const refused = (why: string) =>
  new ApiError('InvalidToken', `The token is not accepted: ${why}.`, {
    'www-authenticate': `Bearer realm="gf25", error="invalid_token"`,
  });
