import type { RevocationTarget } from './revocation-target.ts';

/** One line of the log that a store keeps: what was withdrawn, when, and until when it matters. Plain JSON. */
export interface RevocationEntry {
  /** `revoke`: matching tokens are withdrawn. `renew`: matching open connections must present a token issued later. */
  kind: 'revoke' | 'renew';
  /** Whom or what it concerns. */
  target: RevocationTarget;
  /** Milliseconds since 1970, with a fraction: tokens issued up to this moment are concerned. */
  at: number;
  /** Milliseconds since 1970: from then on no such token is alive, and the entry may be forgotten. */
  until: number;
}

/** Where revocations are kept and through which they reach every process: an append-only log with an end. */
export interface RevocationStore {
  /** Resolves once the entry is stored and on its way to every follower; rejects if it could not be stored. */
  append(entry: RevocationEntry): Promise<void>;
  /**
   * Delivers every entry that is still of interest, oldest first, then new ones as they come, until the returned
   * function is called. Says `current` when all that exists was delivered, and `lost` when it can no longer know.
   */
  follow(
    from: 'start',
    onEntry: (entry: RevocationEntry) => void,
    onState: (state: 'current' | 'lost') => void,
  ): () => void;
  /** Releases what the store opened itself, not what the caller handed in. */
  close(): Promise<void>;
}
