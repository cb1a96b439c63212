import type { AccessLevel } from '../core/level.ts';

/** What the app decides a person may do, before it is signed. */
export interface Grant {
  /** The person: claim `sub`. */
  subject: string;
  /** Document name or pattern -> level; the most specific entry decides. */
  documents: Readonly<Record<string, AccessLevel | 'none'>>;
  /** The person's login in the app: claim `sid`. */
  session?: string | undefined;
  /** Shown to others. */
  name?: string | undefined;
  /** Shown to others: a URL. */
  picture?: string | undefined;
  /** The app's own claims; may not shadow those that hocuspass writes. */
  claims?: Readonly<Record<string, unknown>> | undefined;
}

/** A signed token and its end. */
export interface IssuedToken {
  token: string;
  expiresAt: Date;
  /** For clients, whose clocks may be off. */
  expiresInSeconds: number;
}

/** For who issues tokens of a decision that took time. */
export interface SignOptions {
  /**
   * When the grant was decided, in milliseconds since 1970, with a fraction: claim `iat`. The token endpoint gives the
   * moment before it asked the app, so that a revocation in between withdraws the token. @default now
   */
  issuedAt?: number | undefined;
}

/** Signs a grant. Throws a `TypeError` that names the entry if the grant is malformed. */
export type Sign = (grant: Grant, options?: SignOptions) => IssuedToken;
