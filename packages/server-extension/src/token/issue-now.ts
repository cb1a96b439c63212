import { randomUUID } from 'node:crypto';
import { stamp } from '../core/stamp.ts';

/**
 * The claims of a token that is issued now, or was decided at a `stamp()`, for `lifetime` seconds. Its `iat` has a
 * fraction, so that a revocation tells what was issued before it from what was issued after it, and its `jti` lets it
 * be withdrawn alone.
 */
export function issueNow(lifetime: number, issuedAt: number = stamp()): { iat: number; exp: number; jti: string } {
  if (!Number.isFinite(issuedAt)) throw new TypeError('sign: "issuedAt" must be milliseconds since 1970');
  const iat = Math.round(issuedAt * 1_000) / 1_000_000;
  return { iat, exp: iat + lifetime, jti: randomUUID() };
}
