import type {
  beforeHandleAwarenessPayload,
  Connection,
  Document,
  IncomingMessage,
  onAwarenessUpdatePayload,
} from '@hocuspocus/server';
import { isTransactionOrigin } from '@hocuspocus/server';
import type { JwtAuthConfiguration } from './jwt-auth-options.ts';
import type { LiveConnection } from './open-connection.ts';
import { DocumentPresence } from './presence.ts';
import { readPresenceFrame } from './presence-frame.ts';
import { toPresenceUser, toVerifiedUser } from './verified-user.ts';
import { warn } from './warn.ts';

/** Some 4,000 levels overflow the stack of who encodes them: nobody else could enter the document any more. */
const MAX_DEPTH = 100;

/** Lets everybody appear as themselves only. One `DocumentPresence` for each document, for as long as it is loaded. */
export class PresenceGuard {
  readonly #configuration: JwtAuthConfiguration;
  readonly #documents = new WeakMap<Document, DocumentPresence>();
  /** What `judge` let pass of the message that is being handled; a connection handles one after the other. */
  readonly #admitted = new WeakMap<Connection, Set<number>>();
  /** Carets move many times a second. */
  #hasWarned = false;

  constructor(configuration: JwtAuthConfiguration) {
    this.#configuration = configuration;
  }

  /** Looks at an awareness message before Hocuspocus decodes it. False if something in it is not for this person to say. */
  judge(live: LiveConnection, connection: Connection, body: IncomingMessage): boolean {
    const entries = readPresenceFrame(body);
    const { admitted, isViolated } = this.#of(connection.document).admit(live, entries ?? []);
    this.#admitted.set(connection, admitted);
    return entries !== undefined && !isViolated;
  }

  /** Drops what `judge` refused, and puts the verified user into what remains. False if something had to be dropped. */
  rewrite(live: LiveConnection, connection: Connection, states: beforeHandleAwarenessPayload['states']): boolean {
    const admitted = this.#admitted.get(connection);
    let isGood = true;
    for (const [clientId, state] of states) {
      // Also drops the entry under a random id that Hocuspocus' own decoding adds.
      if (!admitted?.has(clientId)) states.delete(clientId);
      else if (!isObject(state) || isDeeper(state, MAX_DEPTH) || !this.#stamp(live, state)) {
        states.delete(clientId);
        isGood = false;
      }
    }
    return isGood;
  }

  /** States that another server relays were stamped there; here they must not speak for ids that others own. */
  rewriteRelayed(document: Document, states: beforeHandleAwarenessPayload['states']): void {
    for (const [clientId, state] of states) {
      if (!isObject(state)) {
        states.delete(clientId);
        continue;
      }
      delete state.clientId;
      const stampedId = isObject(state.user) ? state.user.id : undefined;
      if (!this.#of(document).admitRelayed(clientId, stampedId)) states.delete(clientId);
    }
  }

  /** Follows what was applied. */
  follow(
    { document, added, updated, removed, transactionOrigin }: onAwarenessUpdatePayload,
    live?: LiveConnection,
  ): void {
    const presence = this.#of(document);
    const isRelayed = isTransactionOrigin(transactionOrigin) && transactionOrigin.source === 'redis';
    if (live !== undefined || isRelayed) presence.follow([...added, ...updated], live);
    presence.forget(removed);
  }

  /** Whether a client id belongs to somebody else. */
  isForeign(live: LiveConnection, document: Document, clientId: number): boolean {
    return this.#of(document).isForeign(live, clientId);
  }

  /** A connection is gone. */
  leave(live: LiveConnection): void {
    if (live.connection !== undefined) this.#of(live.connection.document).leave(live);
  }

  #stamp(live: LiveConnection, state: Record<string, unknown>): boolean {
    // Some listeners spread the state over the real client id.
    delete state.clientId;
    const { presence } = this.#configuration;
    if (presence === false) return true;
    try {
      const verified = presence === true ? toVerifiedUser(live.claims) : { ...presence(live.claims), id: live.subject };
      state.user = toPresenceUser(verified, state.user);
      return true;
    } catch (error) {
      // A caret that nobody sees, rather than a person who cannot stay.
      if (!this.#hasWarned) warn('presence threw', error);
      this.#hasWarned = true;
      return false;
    }
  }

  #of(document: Document): DocumentPresence {
    let presence = this.#documents.get(document);
    if (presence === undefined) {
      presence = new DocumentPresence(document, this.#configuration);
      this.#documents.set(document, presence);
    }
    return presence;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
