import type { AuthReason } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { matchesPattern } from '../core/pattern.ts';
import { stamp } from '../core/stamp.ts';
import { LiveEntries } from './live-entries.ts';
import { issuedAt, toMicroseconds } from './moment.ts';
import { parseTarget } from './parse-target.ts';
import type { RevocationEntry, RevocationStore } from './revocation-store.ts';
import type { RevocationTarget } from './revocation-target.ts';
import type { RevocationIndex, Revocations } from './revocations.ts';
import { TargetTree } from './target-tree.ts';

/** A verifier may forgive this many milliseconds of clock skew, and so accept a token that long after its end. */
const LARGEST_CLOCK_TOLERANCE = 300_000;

const REASONS = { revoke: 'token-revoked', renew: 'token-expired' } as const;

type State = 'current' | 'lost';

/** What hocuspass asks of revocations. Throws a `TypeError` if they were not made by `createRevocations`. */
export function toRevocationIndex(revocations: Revocations): RevocationIndex {
  if (revocations instanceof StoredRevocations) return revocations;
  throw new TypeError('"revocations" must come from createRevocations');
}

/** Everything withdrawn that still matters, in memory, fed by a store. */
export class StoredRevocations implements RevocationIndex {
  readonly maxTokenAge: number;
  readonly #store: RevocationStore;
  readonly #whenUnavailable: 'refuse' | 'allow';
  readonly #memory: number;
  readonly #entryListeners = new Set<(entry: RevocationEntry) => void>();
  readonly #stateListeners = new Set<(state: State) => void>();
  readonly #entries = new LiveEntries();
  readonly #unfollow: () => void;
  #tree = new TargetTree();
  #state: State | 'starting' | 'closed' = 'starting';
  #closing: Promise<void> | undefined;

  constructor(store: RevocationStore, maxTokenAge: number, whenUnavailable: 'refuse' | 'allow') {
    this.#store = store;
    this.maxTokenAge = maxTokenAge;
    this.#memory = maxTokenAge * 1_000 + LARGEST_CLOCK_TOLERANCE;
    this.#whenUnavailable = whenUnavailable;
    this.#unfollow = store.follow(
      'start',
      (entry) => this.#take(entry),
      (state) => this.#enter(state),
    );
  }

  get available(): boolean {
    return this.#state === 'current' || this.#whenUnavailable === 'allow';
  }

  async revoke(target: RevocationTarget): Promise<void> {
    await this.#record('revoke', parseTarget('revoke', target));
  }

  async renew(target: RevocationTarget): Promise<void> {
    await this.#record('renew', parseTarget('renew', target));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  refusalFor(claims: Claims, documentName?: string): AuthReason | undefined {
    const kind = this.#tree.find(claims, issuedAt(claims), documentName);
    return kind && REASONS[kind];
  }

  onEntry(listener: (entry: RevocationEntry) => void): () => void {
    this.#entryListeners.add(listener);
    return () => this.#entryListeners.delete(listener);
  }

  onState(listener: (state: State) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  concerns({ target, at }: RevocationEntry, claims: Claims, documentName: string): boolean {
    return (
      isSame(target.tokenId, claims.tokenId) &&
      isSame(target.session, claims.session) &&
      isSame(target.subject, claims.subject) &&
      (target.document === undefined || matchesPattern(target.document, documentName)) &&
      issuedAt(claims) <= toMicroseconds(at)
    );
  }

  async #record(kind: RevocationEntry['kind'], target: RevocationTarget): Promise<void> {
    const at = stamp();
    const entry = { kind, target, at, until: at + this.#memory };
    this.#take(entry);
    if (this.#state === 'closed') throw new Error('The revocations were closed: this one took effect here alone');
    await this.#store.append(entry);
  }

  #take(entry: RevocationEntry): void {
    // Tokens that this process accepts may live longer than those of the process that wrote the entry.
    const kept = this.#entries.add({ ...entry, until: Math.max(entry.until, entry.at + this.#memory) });
    if (kept === undefined) return;
    this.#tree.add(kept);
    if (this.#entries.sweep()) this.#rebuild();
    tell(this.#entryListeners, kept);
  }

  #rebuild(): void {
    this.#tree = new TargetTree();
    for (const entry of this.#entries.values()) this.#tree.add(entry);
  }

  #enter(state: State): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    tell(this.#stateListeners, state);
  }

  async #end(): Promise<void> {
    this.#state = 'closed';
    this.#unfollow();
    await this.#store.close();
  }
}

function isSame(wanted: string | undefined, given: string | undefined): boolean {
  return wanted === undefined || wanted === given;
}

function tell<T>(listeners: Iterable<(value: T) => void>, value: T): void {
  for (const listener of listeners) {
    try {
      listener(value);
    } catch {
      // One that fails must not keep the others from hearing.
    }
  }
}
