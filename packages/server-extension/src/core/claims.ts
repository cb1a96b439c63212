import type { Access } from './access.ts';

/** What a verified token says, typed (RFC 7519, section 4). */
export interface Claims {
  /** The person: claim `sub`. */
  subject?: string | undefined;
  /** The person's login in the app: claim `sid`. */
  session?: string | undefined;
  /** This very token: claim `jti`. */
  tokenId?: string | undefined;
  /** Shown to others: claim `name`. */
  name?: string | undefined;
  /** Shown to others, a URL: claim `picture`. */
  picture?: string | undefined;
  /** Claim `iat`. */
  issuedAt?: Date | undefined;
  /** Claim `exp`, or `iat` + `maxTokenAge` where a missing `exp` is allowed. */
  expiresAt: Date;
  /** Which documents the token grants, and how. */
  access: Access;
  /** The verified payload, frozen, for an app's own claims. */
  payload: Readonly<Record<string, unknown>>;
}
