import type { Claims } from './claims.ts';
import { documentNameProblem } from './document-name.ts';
import { type AccessLevel, isAccessLevel, lowerLevel } from './level.ts';

/**
 * The app's live check beside the token, for `JwtAuth` and `requireAccess`: the lower of its level and the token's counts,
 * `undefined` refuses.
 *
 * @example
 * const authorize: Authorize = ({ subject }, documentName) => shares.levelOf(subject, documentName)
 */
export type Authorize = (
  claims: Claims,
  documentName: string,
) => AccessLevel | undefined | Promise<AccessLevel | undefined>;

const TIMEOUT_MS = 10_000;

/** The lower of what the token grants and what the app's live check says. Throws if that check fails. */
export type LevelNow = (claims: Claims, documentName: string) => Promise<AccessLevel | undefined>;

export function createLevelNow(authorize: Authorize | undefined): LevelNow {
  return async (claims, documentName) => {
    const isPermitted = documentNameProblem(documentName) === undefined;
    const granted = isPermitted ? claims.access.levelFor(documentName) : undefined;
    if (granted === undefined || authorize === undefined) return granted;
    return lowerLevel(granted, await ask(authorize, claims, documentName));
  };
}

async function ask(authorize: Authorize, claims: Claims, documentName: string): Promise<AccessLevel | undefined> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, TIMEOUT_MS, new Error('no answer within 10 seconds'));
  try {
    const level = await Promise.race([authorize(claims, documentName), timedOut]);
    if (level === undefined || isAccessLevel(level)) return level;
    throw new TypeError("the answer is not 'read', 'comment', 'write' or undefined");
  } catch (cause) {
    // Never as it is: an AuthError of the app's own check would reach the client as its reason.
    throw new Error('"authorize" failed', { cause });
  } finally {
    clearTimeout(timer);
  }
}
