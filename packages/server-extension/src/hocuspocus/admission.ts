import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { documentNameProblem } from '../core/document-name.ts';
import { type AccessLevel, isAccessLevel, lowerLevel } from '../core/level.ts';
import { requireClaims } from '../core/require-claims.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';
import type { JwtAuthOptions } from './jwt-auth-options.ts';

/** What a token is worth in a document, at this moment. */
export interface Admission {
  claims: Claims;
  level: AccessLevel;
}

/** Decides what verified claims are worth in a document: at connect, and at each renewal. Throws `AuthError`. */
export type Admit = (claims: Claims, documentName: string) => Promise<Admission>;

/** The lower of what the token grants and what the app's live check says. Throws `AuthError('auth-unavailable')`. */
export type LevelNow = (claims: Claims, documentName: string) => Promise<AccessLevel | undefined>;

const AUTHORIZE_TIMEOUT_MS = 10_000;

export function createLevelNow(authorize: JwtAuthOptions['authorize']): LevelNow {
  return async (claims, documentName) => {
    const isPermitted = documentNameProblem(documentName) === undefined;
    const granted = isPermitted ? claims.access.levelFor(documentName) : undefined;
    if (granted === undefined || authorize === undefined) return granted;
    return lowerLevel(granted, await ask(authorize, claims, documentName));
  };
}

export function createAdmit(levelNow: LevelNow, revocations: RevocationIndex | undefined): Admit {
  return async (claims, documentName) => {
    const level = await levelNow(requireClaims(claims), documentName);
    if (level === undefined) throw new AuthError('document-forbidden');
    // Last, because the app may have taken its time, and a verifier of its own may not have asked.
    if (revocations?.available === false) throw new AuthError('auth-unavailable');
    const withdrawn = revocations?.refusalFor(claims, documentName);
    if (withdrawn !== undefined) throw new AuthError(withdrawn);
    return { claims, level };
  };
}

async function ask(
  authorize: NonNullable<JwtAuthOptions['authorize']>,
  claims: Claims,
  documentName: string,
): Promise<AccessLevel | undefined> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, AUTHORIZE_TIMEOUT_MS, new AuthError('auth-unavailable'));
  try {
    const level = await Promise.race([authorize(claims, documentName), timedOut]);
    if (level === undefined || isAccessLevel(level)) return level;
  } catch {
    // What an app's own check threw stays its own: clients hear of an outage.
  } finally {
    clearTimeout(timer);
  }
  throw new AuthError('auth-unavailable');
}
