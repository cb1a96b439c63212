import type { Document } from '@hocuspocus/server';
import type { LiveConnection } from './open-connection.ts';
import type { PresenceEntry } from './presence-frame.ts';

/** A client id belongs to a subject, or, for somebody without one, to the connection. */
type Owner = string | LiveConnection;

/**
 * How far ahead of the last known clock an update may be. A caret that moves ten times a second, offline, needs a day
 * to get there; a forged clock of 2^32 - 1 would silence the id for ever.
 */
const MAX_CLOCK_STEP = 1_000_000;

/** Ids whose owners are remembered after they left, so that nobody takes them while they reconnect. */
const MAX_OWNERS = 10_000;

/** Who owns which client id in one document, and through which connection it is announced. */
export class DocumentPresence {
  readonly #document: Document;
  readonly #limits: { clientIds: number; presenceBytes: number };
  readonly #owners = new Map<number, Owner>();
  readonly #holders = new Map<number, LiveConnection>();

  constructor(document: Document, limits: { clientIds: number; presenceBytes: number }) {
    this.#document = document;
    this.#limits = limits;
  }

  /** The ids of an update that this connection may announce. Removals are Hocuspocus' own, when a connection ends. */
  admit(live: LiveConnection, entries: readonly PresenceEntry[]): { admitted: Set<number>; isViolated: boolean } {
    const admitted = new Set<number>();
    const refused = new Set<number>();
    for (const entry of entries) {
      if (!entry.isRemoval) (this.#admitOne(live, entry) ? admitted : refused).add(entry.clientId);
    }
    // One update may hold several states of an id, and only one of them is applied.
    for (const clientId of refused) admitted.delete(clientId);
    return { admitted, isViolated: refused.size > 0 };
  }

  #admitOne(live: LiveConnection, { clientId, clock, bytes }: PresenceEntry): boolean {
    const knownClock = this.#document.awareness.meta.get(clientId)?.clock ?? 0;
    if (this.isForeign(live, clientId)) return false;
    if (bytes > this.#limits.presenceBytes || clock - knownClock > MAX_CLOCK_STEP) return false;
    live.clientIds ??= new Set();
    if (!live.clientIds.has(clientId) && live.clientIds.size >= this.#limits.clientIds) return false;
    live.clientIds.add(clientId);
    this.#own(clientId, ownerOf(live));
    return true;
  }

  isForeign(live: LiveConnection, clientId: number): boolean {
    const owner = this.#owners.get(clientId);
    return owner !== undefined && owner !== ownerOf(live);
  }

  /** Whether a state that another server relays may be applied here: not over an id that somebody else owns. */
  admitRelayed(clientId: number, stampedId: unknown): boolean {
    const owner = this.#owners.get(clientId);
    if (owner !== undefined) return owner === stampedId;
    if (typeof stampedId === 'string') this.#own(clientId, stampedId);
    return true;
  }

  /**
   * Moves Hocuspocus' bookkeeping along with an id that was announced through another connection, here or (without
   * `live`) on another server: otherwise the end of the old connection would remove a caret that is alive.
   */
  follow(clientIds: readonly number[], live: LiveConnection | undefined): void {
    for (const clientId of clientIds) {
      const before = this.#holders.get(clientId);
      if (before !== live) this.#release(clientId, before);
      if (live?.connection === undefined || !this.#document.hasConnection(live.connection)) continue;
      this.#holders.set(clientId, live);
      this.#document.getClients(live.connection).add(clientId);
    }
  }

  /** Forgets who announced these ids: they are gone. Who owns them stays known. */
  forget(clientIds: readonly number[]): void {
    for (const clientId of clientIds) this.#release(clientId, this.#holders.get(clientId));
  }

  /** Frees the ids of a connection without a subject, which nobody can claim again. */
  leave(live: LiveConnection): void {
    for (const clientId of live.clientIds ?? []) {
      if (this.#holders.get(clientId) === live) this.#release(clientId, live);
    }
    if (live.subject !== undefined) return;
    for (const [clientId, owner] of this.#owners) if (owner === live) this.#owners.delete(clientId);
  }

  #release(clientId: number, live: LiveConnection | undefined): void {
    if (live === undefined) return;
    this.#holders.delete(clientId);
    live.clientIds?.delete(clientId);
    if (live.connection !== undefined) this.#document.getClients(live.connection).delete(clientId);
  }

  #own(clientId: number, owner: Owner): void {
    this.#owners.set(clientId, owner);
    if (this.#owners.size <= MAX_OWNERS) return;
    for (const known of this.#owners.keys()) {
      if (this.#holders.has(known)) continue;
      this.#owners.delete(known);
      return;
    }
  }
}

function ownerOf(live: LiveConnection): Owner {
  return live.subject ?? live;
}
