import type { Connection, Hocuspocus } from '@hocuspocus/server';
import { formatAnnouncement } from '../core/announcement.ts';
import type { AuthReason } from '../core/auth-error.ts';
import type { Admission } from './admission.ts';
import { type Audit, type AuthEvent, identityOf } from './audit.ts';
import { liveOf } from './auth-context.ts';
import type { JwtAuthConfiguration } from './jwt-auth-options.ts';
import { type Lifeline, LiveConnection, type OpenConnection, type Place } from './open-connection.ts';
import type { PresenceGuard } from './presence-guard.ts';

/** All open connections of a server: they enter once every hook has let them pass, and leave when nothing of theirs is left to handle. */
export class OpenConnections implements Lifeline {
  readonly #live = new Set<LiveConnection>();
  readonly #bound = new WeakMap<Connection, LiveConnection>();
  readonly #configuration: JwtAuthConfiguration;
  readonly #audit: Audit;
  readonly #presence: PresenceGuard;

  constructor(configuration: JwtAuthConfiguration, audit: Audit, presence: PresenceGuard) {
    this.#configuration = configuration;
    this.#audit = audit;
    this.#presence = presence;
  }

  /** An open connection that has not entered yet: other hooks may still refuse it. */
  create(admission: Admission, place: Place): LiveConnection {
    return new LiveConnection(admission, place, this.#configuration, this);
  }

  /** From here on it can be withdrawn. Hocuspocus makes its `Connection` after the document has loaded. */
  enter(live: LiveConnection, instance: Hocuspocus): void {
    live.hasEntered = true;
    this.#live.add(live);
    this.tell(live, 'allowed');
    setImmediate(() => this.#settle(live, instance));
  }

  /** The open connection behind a Hocuspocus connection, which is bound to it when it is first seen. */
  find(connection: Connection): LiveConnection | undefined {
    return this.#bound.get(connection) ?? this.#bind(connection);
  }

  #bind(connection: Connection): LiveConnection | undefined {
    const live = liveOf(connection.context);
    // Whoever was let go is watched by nobody any more, and must not come back.
    if (live === undefined || !live.hasEntered || live.isReleased || live.connection !== undefined) return undefined;
    this.#bound.set(connection, live);
    if (connection.document.hasConnection(connection)) connection.onClose(() => releaseAfter(connection, live));
    else releaseAfter(connection, live);
    live.bind(connection);
    if (live.ended === undefined) this.announce(live);
    return live;
  }

  /** Tells the client its level, and how long it lasts. */
  announce({ connection, level, secondsLeft }: LiveConnection): void {
    if (this.#configuration.announce) {
      connection?.sendStateless(formatAnnouncement({ level, expiresInSeconds: secondsLeft }));
    }
  }

  /** Tells the audit. */
  tell(live: LiveConnection, type: AuthEvent['type'], more: Pick<AuthEvent, 'reason' | 'from'> = {}): void {
    const { claims, documentName, socketId, level } = live;
    this.#audit({ ...identityOf(claims), documentName, socketId, level, ...more, type });
  }

  /** Tells the audit of something that was rejected: once a second, or it would carry a flood on. */
  tellRejected(live: LiveConnection, type: 'write-rejected' | 'presence-rejected'): void {
    live.lastReport ??= {};
    if (Date.now() - (live.lastReport[type] ?? 0) < 1_000) return;
    live.lastReport[type] = Date.now();
    this.tell(live, type);
  }

  onEnd(live: LiveConnection, reason: AuthReason): void {
    if (reason === 'token-expired') this.tell(live, 'expired', { reason });
    else this.tell(live, reason === 'token-revoked' ? 'revoked' : 'denied', { reason });
  }

  onRelease(live: LiveConnection): void {
    this.#live.delete(live);
    this.#presence.leave(live);
    live.socket.leave(live.documentName);
  }

  *[Symbol.iterator](): Iterator<OpenConnection> {
    for (const live of this.#live) {
      if (live.connection !== undefined && live.ended === undefined) yield live.toOpenConnection();
    }
  }

  /** Also those whose documents are still loading. May change while it is walked through. */
  all(): Iterable<LiveConnection> {
    return [...this.#live];
  }

  close(): void {
    for (const live of this.#live) live.release();
  }

  /** Finds the connection even while somebody else's `connected` hook takes its time, or lets go if there is none. */
  async #settle(live: LiveConnection, instance: Hocuspocus): Promise<void> {
    const loading = instance.loadingDocuments.get(live.documentName);
    if (live.connection === undefined && loading !== undefined) {
      await loading.catch(() => undefined);
      await new Promise(setImmediate);
    }
    if (live.connection !== undefined) return;
    for (const connection of instance.documents.get(live.documentName)?.connections.keys() ?? []) {
      if (liveOf(connection.context) === live) this.find(connection);
    }
    if (live.connection === undefined) live.release();
  }
}

/** What it sent before it closed is still being handled, and must be stopped by a revocation that comes now. */
function releaseAfter(connection: Connection, live: LiveConnection): void {
  const release = () => live.release();
  void connection.waitForPendingMessages().then(release, release);
}
