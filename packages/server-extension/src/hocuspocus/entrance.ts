import type { onAuthenticatePayload } from '@hocuspocus/server';
import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { documentNameProblem } from '../core/document-name.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';
import type { Verify } from '../token/verify.ts';
import type { Admit } from './admission.ts';
import { type Audit, identityOf } from './audit.ts';
import { type AuthContext, liveOf, toAuthContext } from './auth-context.ts';
import type { JwtAuthConfiguration } from './jwt-auth-options.ts';
import type { OpenConnections } from './open-connections.ts';
import { warnOfOutage } from './outage-warning.ts';
import { type Refusal, toReason, toRefusal } from './refusal.ts';
import { SocketLimits } from './socket-limits.ts';

interface EntranceParts {
  verify: Verify;
  admit: Admit;
  revocations: RevocationIndex | undefined;
  open: OpenConnections;
  limits: Pick<JwtAuthConfiguration, 'connectionsPerDocument' | 'refusalsPerMinute'>;
  audit: Audit;
}

/** Where connections come in. Looks twice: before all other `onAuthenticate` hooks, and after them. */
export class Entrance {
  readonly #parts: EntranceParts;
  /** Hocuspocus keeps one `Request` for each socket. */
  readonly #sockets = new WeakMap<Request, SocketLimits>();

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  /** Verifies the token, and puts what it is worth into the context. Throws a `Refusal`. */
  async authenticate(data: onAuthenticatePayload): Promise<AuthContext> {
    const { verify, admit, open } = this.#parts;
    const { token, documentName, socketId, context, connectionConfig } = data;
    const socket = this.#socketOf(data.request);
    if (!(await socket.begin(documentName))) throw this.#deny(new AuthError('rate-limited'), data, undefined);
    let claims: Claims | undefined;
    try {
      claims = await verify(token);
      const live = open.create(await admit(claims, documentName), { documentName, socketId, socket });
      if (live.secondsLeft === 0) throw new AuthError('token-expired');
      connectionConfig.readOnly ||= live.readOnly;
      // Later onAuthenticate hooks see what is assigned, everything after them what is returned.
      return Object.assign(context, toAuthContext(live));
    } catch (error) {
      throw this.#deny(error, data, claims);
    } finally {
      socket.settle();
    }
  }

  /** Every hook has let it pass: looks once more, because they may have taken their time, and opens. Throws a `Refusal`. */
  async enter(data: onAuthenticatePayload): Promise<void> {
    const live = liveOf(data.context);
    try {
      if (live === undefined) throw new AuthError('auth-unavailable');
      const withdrawn = this.#parts.revocations?.refusalFor(live.claims, live.documentName);
      if (withdrawn !== undefined) throw new AuthError(withdrawn);
      if (live.secondsLeft === 0) throw new AuthError('token-expired');
      if (!live.socket.enter(live.documentName)) throw new AuthError('rate-limited');
    } catch (error) {
      throw this.#deny(error, data, live?.claims);
    }
    data.connectionConfig.readOnly ||= live.readOnly;
    this.#parts.open.enter(live, data.instance);
  }

  #deny(error: unknown, data: onAuthenticatePayload, claims: Claims | undefined): Refusal {
    const { documentName, socketId } = data;
    const socket = this.#socketOf(data.request);
    const reason = toReason(error);
    // A store that is out has an event of its own.
    if (reason === 'auth-unavailable' && this.#parts.revocations?.available !== false) {
      warnOfOutage(this.#parts.verify, error);
    }
    socket.countRefusal(reason);
    if (reason !== 'rate-limited' || socket.shouldReport()) {
      // A name that is not permitted may be of any length, and forge lines of a log.
      const name = documentNameProblem(documentName) === undefined ? { documentName } : {};
      this.#parts.audit({ type: 'denied', reason, socketId, ...name, ...(claims && identityOf(claims)) });
    }
    return toRefusal(reason);
  }

  #socketOf(request: Request): SocketLimits {
    let socket = this.#sockets.get(request);
    if (socket === undefined) {
      socket = new SocketLimits(this.#parts.limits);
      this.#sockets.set(request, socket);
    }
    return socket;
  }
}
