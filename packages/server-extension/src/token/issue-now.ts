import { randomUUID } from 'node:crypto';
import { stamp } from '../core/stamp.ts';

/**
 * The claims of a token that is issued now, for `lifetime` seconds. Its `iat` has a fraction, so that a revocation tells
 * what was issued before it from what was issued after it, and its `jti` lets it be withdrawn alone.
 */
export function issueNow(lifetime: number): { iat: number; exp: number; jti: string } {
  const iat = Math.round(stamp() * 1_000) / 1_000_000;
  return { iat, exp: iat + lifetime, jti: randomUUID() };
}
