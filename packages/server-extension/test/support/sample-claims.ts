import type { Claims } from '../../src/core/claims.ts';
import { readAccess } from '../../src/core/read-access.ts';

/** Claims of a verified token for all documents, issued at `iat` (seconds). */
export function sampleClaims(
  who: { subject?: string; session?: string; tokenId?: string },
  iat: number = Date.now() / 1_000,
): Claims {
  const payload = { allowedDocumentNames: ['*'], iat };
  return { ...who, expiresAt: new Date(Date.now() + 60_000), access: readAccess(payload), payload };
}

/** The same without `iat`. */
export function claimsWithoutIat(who: { subject?: string; session?: string; tokenId?: string }): Claims {
  const claims = sampleClaims(who);
  return { ...claims, payload: { allowedDocumentNames: ['*'] } };
}
