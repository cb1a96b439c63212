import type { Access } from './access.ts';

/** What a verified token says, typed (RFC 7519, section 4). */
export interface Claims {
  /** The person: claim `sub`. */
  subject?: string;
  /** The person's login in the app: claim `sid`. */
  session?: string;
  /** This very token: claim `jti`. */
  tokenId?: string;
  /** Shown to others: claim `name`. */
  name?: string;
  /** Shown to others, a URL: claim `picture`. */
  picture?: string;
  /** Claim `iat`. */
  issuedAt?: Date;
  /** Claim `exp`, or `iat` + `maxTokenAge` where a missing `exp` is allowed. */
  expiresAt: Date;
  /** Which documents the token grants, and how. */
  access: Access;
  /** The verified payload, frozen, for an app's own claims. */
  payload: Readonly<Record<string, unknown>>;
}
