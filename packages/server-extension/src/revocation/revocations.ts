import type { AuthReason } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import type { RevocationEntry } from './revocation-store.ts';
import type { RevocationTarget } from './revocation-target.ts';

/**
 * Withdraws what was issued: at once in this process, and in every process that follows the same store. `revoke` and
 * `renew` throw a `TypeError` for a target that names nothing, and reject where the store did not take it: await them.
 */
export interface Revocations {
  /** Withdrawn now, everywhere; open connections close. Local effect at once; rejects if it could not be stored. */
  revoke(target: RevocationTarget): Promise<void>;
  /** Rights changed: matching connections must present a token issued after this moment; older ones are `token-expired`. */
  renew(target: RevocationTarget): Promise<void>;
  /** Stops following the store, and closes it. */
  close(): Promise<void>;
}

/** What hocuspass itself asks of revocations; not public. `toRevocationIndex` gets it from a `Revocations`. */
export interface RevocationIndex extends Revocations {
  /** Seconds for which entries are remembered. */
  readonly maxTokenAge: number;
  /** False while the store cannot be followed, and `whenUnavailable` says 'refuse'. */
  readonly available: boolean;
  /**
   * Why this token is no longer good: `token-revoked` (revoked), `token-expired` (a renewal was asked for since it was
   * issued), or `undefined`. Entries that name a document count only where `documentName` is given and matches.
   * A few map look-ups; knows nothing of availability.
   */
  refusalFor(claims: Claims, documentName?: string): AuthReason | undefined;
  /** Called with every new entry, own and others', after the index knows it. Returns the function that ends it. */
  onEntry(listener: (entry: RevocationEntry) => void): () => void;
  /** Called when the store is lost or current again. Returns the function that ends it. */
  onState(listener: (state: 'current' | 'lost') => void): () => void;
  /** Whether an entry concerns a token in a document: all parts of its target match, and it was issued before. */
  concerns(entry: RevocationEntry, claims: Claims, documentName: string): boolean;
}
