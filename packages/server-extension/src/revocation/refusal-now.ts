import type { AuthReason } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import type { RevocationIndex } from './revocations.ts';

/**
 * Why somebody who comes in now is to be refused: an outage of the store, or what was withdrawn. Open connections ask
 * `refusalFor` itself, because they go on in an outage.
 */
export function refusalNow(
  index: RevocationIndex | undefined,
  claims: Claims,
  documentName?: string,
): AuthReason | undefined {
  return index?.available === false ? 'auth-unavailable' : index?.refusalFor(claims, documentName);
}
