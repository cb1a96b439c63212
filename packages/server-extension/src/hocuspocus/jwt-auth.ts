import {
  type afterHandleMessagePayload,
  type beforeHandleAwarenessPayload,
  type beforeHandleMessagePayload,
  type beforeSyncPayload,
  type connectedPayload,
  type Extension,
  isTransactionOrigin,
  type onAuthenticatePayload,
  type onAwarenessUpdatePayload,
  type onConfigurePayload,
  type onTokenSyncPayload,
} from '@hocuspocus/server';
import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { documentNameProblem } from '../core/document-name.ts';
import { isAtLeast } from '../core/level.ts';
import { toRevocationIndex } from '../revocation/revocation-index.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';
import type { Verify } from '../token/verify.ts';
import { type Admission, type Admit, createAdmit } from './admission.ts';
import { type Audit, createAudit, identityOf } from './audit.ts';
import { type AuthContext, liveOf, toAuthContext } from './auth-context.ts';
import { createEditGuard, type EditGuard } from './edit-guard.ts';
import { MessageType, openFrame, sendAuthenticated, sendSyncStep1 } from './frames.ts';
import { configure, type JwtAuthConfiguration, type JwtAuthOptions } from './jwt-auth-options.ts';
import type { LiveConnection, OpenConnection } from './open-connection.ts';
import { OpenConnections } from './open-connections.ts';
import { PresenceGuard } from './presence-guard.ts';
import { toReason, toRefusal } from './refusal.ts';
import { SocketLimits } from './socket-limits.ts';

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

  readonly #verify: Verify;
  readonly #configuration: JwtAuthConfiguration;
  readonly #revocations: RevocationIndex | undefined;
  readonly #audit: Audit;
  readonly #admit: Admit;
  readonly #open: OpenConnections;
  readonly #guardEdit: EditGuard;
  readonly #presence: PresenceGuard;
  /** Hocuspocus keeps one `Request` for each socket. */
  readonly #sockets = new WeakMap<Request, SocketLimits>();

  /** Throws a `TypeError` that names the option. */
  constructor(options: JwtAuthOptions) {
    this.#configuration = configure(options);
    this.#verify = options.verify;
    this.#revocations = options.verify.revocations && toRevocationIndex(options.verify.revocations);
    this.#audit = createAudit(options.onEvent);
    this.#admit = createAdmit(options.authorize, this.#revocations);
    this.#guardEdit = createEditGuard(options.comments);
    this.#presence = new PresenceGuard(this.#configuration);
    this.#open = new OpenConnections(this.#configuration, this.#audit, this.#revocations, this.#presence);
  }

  /** All open connections of this server. */
  connections(): Iterable<OpenConnection> {
    return this.#open;
  }

  async onConfigure({ instance }: onConfigurePayload): Promise<void> {
    // The last word, after every other onAuthenticate: only then does Hocuspocus open the connection.
    const lastWord = { onAuthenticate: (data: onAuthenticatePayload) => this.#enter(data) };
    instance.configuration.extensions.push(lastWord);
  }

  async onAuthenticate(data: onAuthenticatePayload): Promise<AuthContext> {
    const { token, documentName, socketId, context, connectionConfig } = data;
    const socket = this.#socketOf(data.request);
    let claims: Claims | undefined;
    try {
      if (socket.isExceeded(documentName)) throw new AuthError('rate-limited');
      claims = await this.#verify(token);
      const live = this.#open.create(await this.#admit(claims, documentName), { documentName, socketId, socket });
      if (live.secondsLeft === 0) throw new AuthError('token-expired');
      connectionConfig.readOnly ||= live.readOnly;
      // Later onAuthenticate hooks see what is assigned, everything after them what is returned.
      return Object.assign(context, toAuthContext(live));
    } catch (error) {
      throw this.#deny(error, data, claims);
    }
  }

  async connected({ connection, context }: connectedPayload): Promise<void> {
    if (this.#open.find(connection, context) === undefined) connection.close(toRefusal('auth-unavailable'));
  }

  async beforeHandleMessage({ connection, context, update }: beforeHandleMessagePayload): Promise<void> {
    const live = this.#open.find(connection, context);
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

  async beforeSync(data: beforeSyncPayload): Promise<void> {
    const live = liveOf(data.connection.context);
    if (live !== undefined && this.#guardEdit(live, data) === 'rejected') {
      this.#open.tellRejected(live, 'write-rejected');
    }
  }

  async afterHandleMessage({ connection }: afterHandleMessagePayload): Promise<void> {
    if (liveOf(connection.context)?.readOnly) connection.readOnly = true;
  }

  async beforeHandleAwareness(data: beforeHandleAwarenessPayload): Promise<void> {
    const { connection, document, states, transactionOrigin } = data;
    const live = liveOf(connection?.context);
    if (connection !== undefined && live !== undefined) {
      if (!this.#presence.rewrite(live, connection, states)) this.#open.tellRejected(live, 'presence-rejected');
    } else if (isTransactionOrigin(transactionOrigin) && transactionOrigin.source === 'redis') {
      this.#presence.rewriteRelayed(document, states);
    }
  }

  async onAwarenessUpdate(data: onAwarenessUpdatePayload): Promise<void> {
    this.#presence.follow(data, liveOf(data.connection?.context));
  }

  /** Never throws: Hocuspocus would print it. A refusal closes. */
  async onTokenSync(data: onTokenSyncPayload): Promise<AuthContext | undefined> {
    const { connection, context, documentName, token } = data;
    const live = this.#open.find(connection, context);
    if (live === undefined || live.ended !== undefined) return undefined;
    live.attempts += 1;
    const attempt = live.attempts;
    const admission = await this.#readmit(live, token, documentName);
    if (admission === undefined || attempt !== live.attempts || live.ended !== undefined) return undefined;
    const before = live.renew(admission);
    const renewed = toAuthContext(live);
    // What is returned does not reach connection.context, which other hooks see.
    connection.context = { ...connection.context, ...renewed };
    connection.readOnly = live.readOnly;
    sendAuthenticated(connection);
    if (!isAtLeast(before, live.level)) sendSyncStep1(connection);
    this.#open.announce(live);
    this.#open.tell(live, 'renewed');
    if (before !== live.level) this.#open.tell(live, 'level-changed', { from: before });
    return renewed;
  }

  async onDestroy(): Promise<void> {
    this.#open.close();
  }

  async #readmit(live: LiveConnection, token: string, documentName: string): Promise<Admission | undefined> {
    try {
      const claims = await this.#verify(token);
      if (claims.subject !== live.subject) throw new AuthError('subject-changed');
      return await this.#admit(claims, documentName);
    } catch (error) {
      const reason = toReason(error);
      live.socket.countRefusal(reason);
      // Open connections go on while the store of revocations is out, until their own end.
      if (reason === 'auth-unavailable' && this.#revocations?.available === false) live.postponeRenewal();
      else live.end(reason);
      return undefined;
    }
  }

  /** Every hook has let it pass: looks once more, because they may have taken their time. */
  async #enter(data: onAuthenticatePayload): Promise<void> {
    const live = liveOf(data.context);
    try {
      if (live === undefined) throw new AuthError('auth-unavailable');
      const withdrawn = this.#revocations?.refusalFor(live.claims, live.documentName);
      if (withdrawn !== undefined) throw new AuthError(withdrawn);
      if (live.secondsLeft === 0) throw new AuthError('token-expired');
      if (!live.socket.enter(live.documentName)) throw new AuthError('rate-limited');
    } catch (error) {
      throw this.#deny(error, data, live?.claims);
    }
    data.connectionConfig.readOnly ||= live.readOnly;
    this.#open.enter(live, data.instance);
  }

  #deny(error: unknown, data: onAuthenticatePayload, claims: Claims | undefined): ReturnType<typeof toRefusal> {
    const { documentName, socketId } = data;
    const socket = this.#socketOf(data.request);
    const reason = toReason(error);
    socket.countRefusal(reason);
    if (reason !== 'rate-limited' || socket.shouldReport()) {
      // A name that is not permitted may be of any length, and forge lines of a log.
      const name = documentNameProblem(documentName) === undefined ? { documentName } : {};
      this.#audit({ type: 'denied', reason, socketId, ...name, ...(claims && identityOf(claims)) });
    }
    return toRefusal(reason);
  }

  #socketOf(request: Request): SocketLimits {
    let socket = this.#sockets.get(request);
    if (socket === undefined) {
      socket = new SocketLimits(this.#configuration);
      this.#sockets.set(request, socket);
    }
    return socket;
  }
}
