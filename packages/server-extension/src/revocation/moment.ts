import type { Claims } from '../core/claims.ts';

/** Milliseconds with a fraction, as whole microseconds: sums of fractions do not compare exactly. */
export function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000);
}

/**
 * When a token was issued, in microseconds; without `iat`, before everything. A whole `iat` is the start of its second,
 * so that whatever was withdrawn during that second concerns it.
 */
export function issuedAt({ payload }: Claims): number {
  const iat = Object.hasOwn(payload, 'iat') ? payload.iat : undefined;
  return typeof iat === 'number' ? Math.round(iat * 1_000_000) : Number.NEGATIVE_INFINITY;
}
