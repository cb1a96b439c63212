import type { Connection } from '@hocuspocus/server';
import type { AuthReason } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import type { AccessLevel } from '../core/level.ts';
import type { Admission } from './admission.ts';
import { sendDenied } from './frames.ts';
import { toRefusal } from './refusal.ts';
import type { SocketLimits } from './socket-limits.ts';
import { startTimer, stopTimer, type Timer } from './timer.ts';
import { warn } from './warn.ts';

/** One document over one socket, authenticated. */
export interface OpenConnection {
  readonly documentName: string;
  /** Claim `sub`. */
  readonly subject: string | undefined;
  /** Claim `sid`. */
  readonly session: string | undefined;
  /** What it may do now. */
  readonly level: AccessLevel;
  /** When it was authenticated. */
  readonly since: Date;
  /** When its token expires. */
  readonly expiresAt: Date;
  /** Hocuspocus' id of the socket, which may carry many documents. */
  readonly socketId: string;
}

/** When a connection asks for its next token, and when it ends without one. Milliseconds. */
export interface Lifetime {
  renewAt: number;
  graceMs: number;
}

const RETRY_MS = 2_000;
const SHARED_STEP_MS = 100;

/** What an open connection tells whoever keeps it. */
export interface Lifeline {
  /** It has ended: nothing is handled any more, and the client was told. */
  onEnd(live: LiveConnection, reason: AuthReason): void;
  /** Nothing of it is left. */
  onRelease(live: LiveConnection): void;
}

/** Where it is. */
export interface Place {
  documentName: string;
  socketId: string;
  socket: SocketLimits;
}

/**
 * An open connection, from the moment its token is accepted: before Hocuspocus has a `Connection` for it, while the
 * document loads, and until it ends. One timer, which first asks for a token and then ends it.
 */
export class LiveConnection {
  readonly documentName: string;
  readonly socketId: string;
  readonly socket: SocketLimits;
  claims: Claims;
  level: AccessLevel;
  /** Every hook has let it pass. */
  hasEntered = false;
  /** Why it ended; from then on nothing is handled. */
  ended: AuthReason | undefined;
  /** Somebody else's hook made it read-only: that is not for a token to lift. */
  isPinned = false;
  /** Rises with each token that is looked at, so that a slow check cannot undo a later one. */
  attempts = 0;
  /** Tokens that are being looked at. */
  underWay = 0;
  /** The client ids it announces presence with. */
  clientIds: Set<number> | undefined;
  /** When a rejection was last reported, so that a flood of them is one event a second. */
  lastReport: Partial<Record<'write-rejected' | 'presence-rejected', number>> | undefined;

  #connection: Connection | undefined;
  /** Epoch milliseconds: a `Date` would take as much memory as a tenth of all this. */
  readonly #since = Date.now();
  #isReleased = false;
  /** Epoch milliseconds. */
  #deadline: number;
  #renewalDue: number | undefined;
  #timer: Timer | undefined;
  readonly #lifetime: Lifetime;
  readonly #lifeline: Lifeline;

  constructor(admission: Admission, place: Place, lifetime: Lifetime, lifeline: Lifeline) {
    this.claims = admission.claims;
    this.level = admission.level;
    this.documentName = place.documentName;
    this.socketId = place.socketId;
    this.socket = place.socket;
    this.#lifetime = lifetime;
    this.#lifeline = lifeline;
    this.#deadline = this.claims.expiresAt.getTime() + lifetime.graceMs;
  }

  get subject(): string | undefined {
    return this.claims.subject;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Only `write` may write; `comment` is decided message by message. */
  get readOnly(): boolean {
    return this.isPinned || this.ended !== undefined || this.level !== 'write';
  }

  /** What an app may see of it. */
  toOpenConnection(): OpenConnection {
    const { documentName, socketId, level } = this;
    const since = new Date(this.#since);
    const { subject, session, expiresAt } = this.claims;
    return { documentName, subject, session, level, since, expiresAt, socketId };
  }

  get secondsLeft(): number {
    return Math.max(0, (this.#deadline - Date.now()) / 1_000);
  }

  /** Ends it if its time is over. The timer does the same, but a busy process runs timers late. */
  endIfOverdue(): boolean {
    if (Date.now() >= this.#deadline) this.end('token-expired');
    return this.ended !== undefined;
  }

  /** Gives it the Hocuspocus connection it was waiting for; closes that if it has ended meanwhile. */
  bind(connection: Connection): void {
    if (this.#connection !== undefined) return;
    this.#connection = connection;
    this.isPinned = connection.readOnly && !this.readOnly;
    if (this.ended !== undefined) this.#close(this.ended);
    if (this.endIfOverdue()) return;
    connection.readOnly = this.readOnly;
    this.#renewalDue ??= this.#nextRenewal();
    this.#start();
  }

  /** Takes over a newer token. Returns the level before. */
  renew({ claims, level }: Admission): AccessLevel {
    const before = this.level;
    // A token that lives no longer only arms the end: asking for another would be answered with the same, for ever.
    const isLonger = claims.expiresAt.getTime() > this.claims.expiresAt.getTime();
    this.claims = claims;
    this.level = level;
    this.#deadline = claims.expiresAt.getTime() + this.#lifetime.graceMs;
    this.#renewalDue = isLonger ? this.#nextRenewal() : undefined;
    this.#start();
    return before;
  }

  /** Asks for a fresh token now, and ends without one after `deadlineMs`. */
  demandRenewal(deadlineMs: number): void {
    this.#deadline = Math.min(this.#deadline, Date.now() + deadlineMs);
    this.#renewalDue = Date.now();
    this.#start();
  }

  /** Asks again a little later: the answer could not be judged because of an outage. */
  postponeRenewal(): void {
    this.#renewalDue = Date.now() + RETRY_MS * (1 + Math.random());
    this.#start();
  }

  /** The end: nothing that is queued may land, nothing more is delivered, and the client hears why. */
  end(reason: AuthReason): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    stopTimer(this.#timer);
    this.#close(reason);
    this.#lifeline.onEnd(this, reason);
  }

  /** Lets go of it: closed, by whomever, and nothing of it is left to handle. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    stopTimer(this.#timer);
    this.#lifeline.onRelease(this);
  }

  onTimer(): void {
    if (this.endIfOverdue()) return;
    if (this.#renewalDue !== undefined && Date.now() >= this.#renewalDue) {
      this.#renewalDue = undefined;
      this.#connection?.requestToken();
    }
    this.#start();
  }

  /** Starts the timer, once there is somebody to ask, and something to end. */
  #start(): void {
    if (this.#connection === undefined) return;
    stopTimer(this.#timer);
    if (this.ended !== undefined || this.#isReleased) return;
    this.#timer = startTimer(Math.min(this.#deadline, this.#renewalDue ?? Infinity), onTimer, this);
  }

  #close(reason: AuthReason): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    // close() lets already queued writes through: stop them first.
    connection.readOnly = true;
    // Closed by the client, and still being handled: the address may be that of its next connection by now.
    if (!connection.document.hasConnection(connection)) return;
    sendDenied(connection, reason);
    try {
      connection.close(toRefusal(reason));
    } catch (error) {
      // A listener of somebody else: it must neither keep this connection open, nor those that end with it.
      connection.document.removeConnection(connection);
      warn('a listener threw when a connection was closed', error);
    }
  }

  /** At a share of the token's life, up to a tenth earlier, so that those who came together do not return together. */
  #nextRenewal(): number {
    const now = Date.now();
    const end = this.claims.expiresAt.getTime();
    const start = this.claims.issuedAt?.getTime() ?? now;
    const due = start + (end - start) * this.#lifetime.renewAt * (1 - Math.random() / 10);
    return now + toSharedDelay(due - now);
  }
}

/**
 * Milliseconds, up to 1 % earlier: Node keeps the timers of one delay in one list, and a list for each connection would
 * take as much memory as the timer.
 */
function toSharedDelay(delay: number): number {
  return delay < SHARED_STEP_MS * 100 ? delay : Math.floor(delay / SHARED_STEP_MS) * SHARED_STEP_MS;
}

function onTimer(connection: LiveConnection): void {
  connection.onTimer();
}
