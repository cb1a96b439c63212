import { LiveEntries } from './live-entries.ts';
import type { RevocationEntry } from './revocation-store.ts';

/** Clocks of Redis and of its clients may differ by this many milliseconds before an entry is cut off too early. */
const CLOCK_DIFFERENCE = 3_600_000;

/** What this process knows of a stream, and what the stream may not know yet. */
export class StreamLog {
  readonly key: string;
  readonly #live = new LiveEntries();
  readonly #pending = new Set<RevocationEntry>();
  #unconfirmed = new Set<RevocationEntry>();
  #longestLife = 0;

  constructor(key: string) {
    this.key = key;
  }

  /** An entry is on its way to the stream. Returns what to call when that has succeeded or failed. */
  begin(entry: RevocationEntry): () => void {
    const kept = this.#know(entry);
    if (kept === undefined) return () => {};
    this.#unconfirmed.add(kept);
    this.#pending.add(kept);
    return () => this.#pending.delete(kept);
  }

  /** An entry was read from the stream. */
  confirm(entry: RevocationEntry): void {
    this.#know(entry);
  }

  /** The stream is not the one that was read before: it may lack everything. */
  doubt(): void {
    this.#unconfirmed = new Set(this.#live.values());
  }

  /** What is on its way may have been waiting for long, on a connection that comes back later than this one. */
  giveUpPending(): void {
    this.#pending.clear();
  }

  /** What was not read from the stream, and is not on its way to it. */
  missing(): RevocationEntry[] {
    const now = Date.now();
    return [...this.#unconfirmed].filter((entry) => entry.until >= now && !this.#pending.has(entry));
  }

  /** The arguments of `XADD` for an entry; they also cut off what is too old to matter. */
  lineFor(entry: RevocationEntry): string[] {
    const oldest = Math.floor(Date.now() - this.#longestLife - CLOCK_DIFFERENCE);
    return [this.key, 'MINID', '~', String(oldest), '*', 'entry', JSON.stringify(entry)];
  }

  #know(entry: RevocationEntry): RevocationEntry | undefined {
    this.#longestLife = Math.max(this.#longestLife, entry.until - entry.at);
    const before = this.#live.get(entry);
    if (before !== undefined && before.at <= entry.at) this.#unconfirmed.delete(before);
    if (this.#live.sweep()) this.#unconfirmed = new Set(this.missing());
    return this.#live.add(entry);
  }
}
