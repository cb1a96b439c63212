import type { Claims } from './claims.ts';

/**
 * Whether this can be relied on as claims: a `verify` of the app's own may answer nothing, or an end that is no date and
 * would never come. Throws a `TypeError`.
 */
export function requireClaims(claims: Claims): Claims {
  const { access, expiresAt }: Partial<Claims> = Object(claims);
  if (typeof access?.levelFor !== 'function') throw new TypeError('"verify" must return claims with "access"');
  if (!(expiresAt instanceof Date && Number.isFinite(expiresAt.getTime()))) {
    throw new TypeError('"verify" must return claims with "expiresAt", a date');
  }
  return claims;
}
