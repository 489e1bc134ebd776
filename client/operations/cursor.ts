import { createHash } from 'node:crypto';
import { NotFoundError } from './errors.ts';

const digestLength = 12;

/** A place in a list, for whoever wants to go on there. It fits the search that it comes from, and no other. */
export const sealCursor = (token: Uint8Array, search: string): string =>
  Buffer.concat([digestOf(token, search), token]).toString('base64url');

/** @throws {NotFoundError} it is not ours, or of another search */
export function openCursor(cursor: string, search: string): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(digestLength);
  if (token.length === 0 || !digestOf(token, search).equals(bytes.subarray(0, digestLength))) throw unknownCursor();
  return token;
}

export const unknownCursor = () =>
  new NotFoundError(
    'cursor: this search has no such page',
    'Give nextCursor as it was answered, with the same filter; or begin without a cursor.',
  );

const digestOf = (token: Uint8Array, search: string) =>
  createHash('sha256').update(search).update('\0').update(token).digest().subarray(0, digestLength);
