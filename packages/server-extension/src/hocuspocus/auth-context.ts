import type { Claims } from '../core/claims.ts';
import type { AccessLevel } from '../core/level.ts';
import type { LiveConnection } from './open-connection.ts';
import { toVerifiedUser, type VerifiedUser } from './verified-user.ts';

/**
 * What later hooks find in `context`, which is empty for changes that come from other servers.
 *
 * @example
 * new Server<Partial<AuthContext>>({
 *   extensions: [new JwtAuth({ verify })],
 *   async onChange({ context, documentName }) { console.log(documentName, 'changed by', context.user?.id) },
 * })
 */
export interface AuthContext {
  /** What the token says. */
  claims: Claims;
  /** What the connection may do now: the lower of the token's level and that of `authorize`. */
  level: AccessLevel;
  /** `sub`, `name` and `picture` of the token. */
  user: VerifiedUser;
}

/** Hocuspocus merges contexts by copying their own properties, this one included. */
const LIVE = Symbol('hocuspass open connection');

export function toAuthContext(live: LiveConnection): AuthContext {
  return Object.defineProperty({ claims: live.claims, level: live.level, user: toVerifiedUser(live.claims) }, LIVE, {
    value: live,
    enumerable: true,
  });
}

/** The open connection that a context belongs to. */
export function liveOf(context: Record<PropertyKey, unknown> | undefined): LiveConnection | undefined {
  const live = context?.[LIVE];
  return isLive(live) ? live : undefined;
}

function isLive(value: unknown): value is LiveConnection {
  return typeof value === 'object' && value !== null;
}
