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

/** Signs a grant. Throws a `TypeError` that names the entry if the grant is malformed. */
export type Sign = (grant: Grant) => IssuedToken;
