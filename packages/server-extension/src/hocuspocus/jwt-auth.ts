import {
  type beforeHandleAwarenessPayload,
  type beforeHandleMessagePayload,
  type beforeSyncPayload,
  type Connection,
  type connectedPayload,
  type Extension,
  type Hocuspocus,
  isTransactionOrigin,
  type onAuthenticatePayload,
  type onAwarenessUpdatePayload,
  type onConfigurePayload,
  type onDestroyPayload,
  type onStatelessPayload,
  type onTokenSyncPayload,
} from '@hocuspocus/server';
import { createLevelNow } from '../core/level-now.ts';
import { toRevocationIndex } from '../revocation/revocation-index.ts';
import { createAdmit } from './admission.ts';
import { createAudit } from './audit.ts';
import type { AuthContext } from './auth-context.ts';
import { createEditGuard, type EditGuard } from './edit-guard.ts';
import { EditTurns } from './edit-turns.ts';
import { Entrance } from './entrance.ts';
import { MessageType, openFrame } from './frames.ts';
import { configure, type JwtAuthOptions } from './jwt-auth-options.ts';
import type { OpenConnection } from './open-connection.ts';
import { OpenConnections } from './open-connections.ts';
import { PresenceGuard } from './presence-guard.ts';
import { toRefusal } from './refusal.ts';
import { createRenew, type Renew } from './renewal.ts';
import { watchRevocations } from './revocation-watch.ts';

/**
 * The Hocuspocus extension: verifies the token of every connection, matches the document name, and keeps the connection
 * exactly as allowed as its token for as long as it is open.
 *
 * @example
 * new Server({ extensions: [new JwtAuth({ verify: createVerifier({ secret }) })] }).listen(1234)
 */
export class JwtAuth implements Extension {
  readonly extensionName = 'hocuspass';
  /** Before everything that would use what it guards. */
  readonly priority = 2_000;

  readonly #open: OpenConnections;
  readonly #entrance: Entrance;
  readonly #renew: Renew;
  readonly #guardEdit: EditGuard;
  readonly #presence: PresenceGuard;
  readonly #unwatch: (() => void) | undefined;
  readonly #servers = new Set<Hocuspocus>();
  readonly #turns: EditTurns | undefined;
  /** What comes before the hooks of all others, whose failures must not keep it from happening. */
  readonly #firstWord: Extension = {
    priority: Number.POSITIVE_INFINITY,
    onStateless: async (data: onStatelessPayload): Promise<void> => this.#refuseEnded(data),
  };
  /** What is looked at again after the hooks of all others, which may have taken their time. */
  readonly #lastWord = {
    priority: Number.NEGATIVE_INFINITY,
    onAuthenticate: (data: onAuthenticatePayload): Promise<void> => this.#entrance.enter(data),
    beforeSync: async (data: beforeSyncPayload): Promise<void> => {
      if (this.#turns !== undefined) await this.#turns.begin(data.connection);
      this.#judgeEdit(data);
    },
    beforeHandleAwareness: async (data: beforeHandleAwarenessPayload): Promise<void> => this.#refuseEnded(data),
  };

  /** Throws a `TypeError` that names the option. */
  constructor(options: JwtAuthOptions) {
    const configuration = configure(options);
    const { verify, authorize, comments, onEvent } = options;
    const revocations = verify.revocations && toRevocationIndex(verify.revocations);
    const audit = createAudit(onEvent);
    const levelNow = createLevelNow(authorize);
    const admit = createAdmit(levelNow, revocations);
    this.#presence = new PresenceGuard(configuration);
    this.#guardEdit = createEditGuard(comments, this.#presence);
    if (comments !== undefined) {
      const turns = new EditTurns();
      this.#turns = turns;
      // Only where there are comments: each hook costs every message.
      this.#firstWord.afterHandleMessage = async ({ connection }) => {
        this.#rest(connection);
        turns.end(connection);
      };
    }
    this.#open = new OpenConnections(configuration, audit, this.#presence);
    this.#entrance = new Entrance({ verify, admit, revocations, open: this.#open, limits: configuration, audit });
    this.#renew = createRenew({ verify, admit, revocations, open: this.#open });
    const { deadlineMs } = configuration;
    this.#unwatch = revocations && watchRevocations({ revocations, open: this.#open, levelNow, deadlineMs, audit });
  }

  /** All open connections of this server. */
  connections(): Iterable<OpenConnection> {
    return this.#open;
  }

  async onConfigure({ instance }: onConfigurePayload): Promise<void> {
    this.#servers.add(instance);
    const { extensions } = instance.configuration;
    // In place, and to both ends also if the server is configured once more.
    const others = extensions.filter((extension) => extension !== this.#firstWord && extension !== this.#lastWord);
    extensions.splice(0, extensions.length, this.#firstWord, ...others, this.#lastWord);
  }

  onAuthenticate(data: onAuthenticatePayload): Promise<AuthContext> {
    return this.#entrance.authenticate(data);
  }

  async connected({ connection }: connectedPayload): Promise<void> {
    if (this.#open.find(connection) === undefined) connection.close(toRefusal('auth-unavailable'));
  }

  async beforeHandleMessage({ connection, update }: beforeHandleMessagePayload): Promise<void> {
    const live = this.#open.find(connection);
    if (live === undefined) throw toRefusal('auth-unavailable');
    const { type, body } = openFrame(update);
    // A late token may still save it: a laptop that wakes up.
    if (type === MessageType.Auth) return;
    if (live.endIfOverdue()) throw toRefusal(live.ended ?? 'token-expired');
    if (live.readOnly) connection.readOnly = true;
    if (type === MessageType.Awareness && !this.#presence.judge(live, connection, body)) {
      this.#open.tellRejected(live, 'presence-rejected');
    }
  }

  async beforeHandleAwareness(data: beforeHandleAwarenessPayload): Promise<void> {
    const { connection, document, states, transactionOrigin } = data;
    if (connection !== undefined) {
      const live = this.#open.find(connection);
      if (live === undefined) throw toRefusal('auth-unavailable');
      if (!this.#presence.rewrite(live, connection, states)) this.#open.tellRejected(live, 'presence-rejected');
    } else if (isTransactionOrigin(transactionOrigin) && transactionOrigin.source === 'redis') {
      this.#presence.rewriteRelayed(document, states);
    }
  }

  async onAwarenessUpdate(data: onAwarenessUpdatePayload): Promise<void> {
    this.#presence.follow(data, data.connection && this.#open.find(data.connection));
  }

  async onTokenSync(data: onTokenSyncPayload): Promise<AuthContext | undefined> {
    const live = this.#open.find(data.connection);
    return live === undefined || live.ended !== undefined ? undefined : this.#renew(live, data);
  }

  async onDestroy({ instance }: onDestroyPayload): Promise<void> {
    this.#servers.delete(instance);
    if (this.#servers.size > 0) return;
    this.#unwatch?.();
    this.#open.close();
  }

  /** A comment made it writable, for one message. */
  #rest(connection: Connection): void {
    if (this.#open.find(connection)?.readOnly) connection.readOnly = true;
  }

  /** Last, because the verdict about a comment holds for the document as it is now. */
  #judgeEdit(data: beforeSyncPayload): void {
    this.#refuseEnded(data);
    const live = this.#open.find(data.connection);
    if (live !== undefined && this.#guardEdit(live, data) === 'rejected') {
      this.#open.tellRejected(live, 'write-rejected');
    }
  }

  #refuseEnded({ connection }: { connection?: Connection | undefined }): void {
    const live = connection && this.#open.find(connection);
    if (live?.endIfOverdue()) throw toRefusal(live.ended ?? 'token-expired');
  }
}
