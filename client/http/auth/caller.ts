import type { JWTPayload } from 'jose';
import { type Role, roles } from './access.ts';

/** Whoever a good token speaks for. */
export interface Caller {
  /** The claim `sub`; tokens without one share a name. */
  readonly subject: string;
  /** The highest of its roles; undefined when it has none that we know. */
  readonly role: Role | undefined;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

const maxSubjectLength = 200;

/**
 * Reads a verified payload. Roles are the claim `roles`, a list of names, or the claim `role`, names with blanks
 * between; names that we do not know are somebody else's.
 */
export function callerOf({ sub, exp = 0, roles: list, role: text }: JWTPayload): Caller {
  const names: readonly unknown[] = [
    ...(Array.isArray(list) ? (list as unknown[]) : []),
    ...(typeof text === 'string' ? text.split(' ') : []),
  ];
  const subject = typeof sub === 'string' && sub !== '' ? sub.slice(0, maxSubjectLength) : '(no subject)';
  return { subject, role: roles.findLast((role) => names.includes(role)), expiresAtMs: exp * 1_000 };
}
