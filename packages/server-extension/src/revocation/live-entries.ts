import type { RevocationEntry } from './revocation-store.ts';

const SMALLEST_SWEEP = 1_024;

/** The entries that still matter, one for each kind and target; bounded by twice as many as are alive at once. */
export class LiveEntries {
  readonly #entries = new Map<string, RevocationEntry>();
  #sweepAt = SMALLEST_SWEEP;

  /** Takes an entry, unless an equal or newer one is known or its time is over. Returns it as it is kept. */
  add(entry: RevocationEntry): RevocationEntry | undefined {
    const key = keyOf(entry);
    const known = this.#entries.get(key);
    if (entry.until < Date.now() || (known !== undefined && known.at >= entry.at)) return undefined;
    const kept = known === undefined ? entry : { ...entry, until: Math.max(known.until, entry.until) };
    // Deleted first, so that the order stays that of arrival.
    this.#entries.delete(key);
    this.#entries.set(key, kept);
    return kept;
  }

  /** Forgets what is over, when enough has come to make looking worth it. Returns whether it looked. */
  sweep(): boolean {
    if (this.#entries.size < this.#sweepAt) return false;
    const now = Date.now();
    for (const [key, { until }] of this.#entries) {
      if (until < now) this.#entries.delete(key);
    }
    this.#sweepAt = Math.max(SMALLEST_SWEEP, this.#entries.size * 2);
    return true;
  }

  /** What is known of the same kind and target. */
  get(entry: RevocationEntry): RevocationEntry | undefined {
    return this.#entries.get(keyOf(entry));
  }

  values(): IterableIterator<RevocationEntry> {
    return this.#entries.values();
  }
}

/** One text for each kind and target. */
export function keyOf({ kind, target }: RevocationEntry): string {
  return JSON.stringify([kind, target.subject, target.session, target.tokenId, target.document]);
}
