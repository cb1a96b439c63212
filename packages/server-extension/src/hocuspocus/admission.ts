import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import type { AccessLevel } from '../core/level.ts';
import type { LevelNow } from '../core/level-now.ts';
import { requireClaims } from '../core/require-claims.ts';
import { refusalNow } from '../revocation/refusal-now.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';

/** What a token is worth in a document, at this moment. */
export interface Admission {
  claims: Claims;
  level: AccessLevel;
}

/** Decides what verified claims are worth in a document: at connect, and at each renewal. What is no `AuthError` is an outage. */
export type Admit = (claims: Claims, documentName: string) => Promise<Admission>;

export function createAdmit(levelNow: LevelNow, revocations: RevocationIndex | undefined): Admit {
  return async (claims, documentName) => {
    const level = await levelNow(requireClaims(claims), documentName);
    if (level === undefined) throw new AuthError('document-forbidden');
    // Last, because the app may have taken its time, and a verifier of its own may not have asked.
    const refusal = refusalNow(revocations, claims, documentName);
    if (refusal !== undefined) throw new AuthError(refusal);
    return { claims, level };
  };
}
