import type { Claims } from '../core/claims.ts';
import type { Revocations } from '../revocation/revocations.ts';

/**
 * Verifies a token and returns what it says; throws `AuthError`, and nothing else.
 * Refuses what `revocations` has withdrawn for the person, session or token; entries that name a document are checked
 * by those who know the document (`JwtAuth`, `requireAccess`).
 */
export interface Verify {
  (token: string): Promise<Claims>;
  readonly revocations?: Revocations;
}
