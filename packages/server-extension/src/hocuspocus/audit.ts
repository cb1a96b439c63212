import { type Channel, channel } from 'node:diagnostics_channel';
import type { AuthReason } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import type { AccessLevel } from '../core/level.ts';
import { warn } from './warn.ts';

const EVENT_TYPES = [
  'allowed',
  'denied',
  'renewed',
  'level-changed',
  'expired',
  'revoked',
  'write-rejected',
  'presence-rejected',
  'store-lost',
  'store-recovered',
] as const;

/** Something that an audit log wants to know. Never contains a token. */
export interface AuthEvent {
  /** What happened. `denied` is a refusal at connect or at a renewal; `expired` and `revoked` end an open connection. */
  type: (typeof EVENT_TYPES)[number];
  at: Date;
  /** Absent where the name is one that is refused: it may be of any length, and forge lines of a log. */
  documentName?: string | undefined;
  /** Claim `sub`. */
  subject?: string | undefined;
  /** Claim `sid`. */
  session?: string | undefined;
  /** Claim `jti`. */
  tokenId?: string | undefined;
  /** Hocuspocus' id of the socket; one socket may carry many documents, of different people. */
  socketId?: string | undefined;
  /** What the connection may do now. */
  level?: AccessLevel | undefined;
  /** The level before, where it changed. */
  from?: AccessLevel | undefined;
  /** Why, where somebody was refused or a connection ended. */
  reason?: AuthReason | undefined;
}

/** Tells `onEvent`, and whoever listens to the diagnostics channel `hocuspass:<type>`. */
export type Audit = (event: Omit<AuthEvent, 'at'>) => void;

const CHANNELS: ReadonlyMap<string, Channel> = new Map(EVENT_TYPES.map((type) => [type, channel(`hocuspass:${type}`)]));

export function createAudit(onEvent: ((event: AuthEvent) => void) | undefined): Audit {
  return (event) => {
    const listeners = CHANNELS.get(event.type);
    if (onEvent === undefined && !listeners?.hasSubscribers) return;
    const dated: AuthEvent = { ...event, at: new Date() };
    listeners?.publish(dated);
    // A throw in a Hocuspocus hook would end the connection or the process: an audit log must do neither.
    const tell = (error: unknown) => warn(`onEvent threw for "${event.type}"`, error);
    try {
      const writing: unknown = onEvent?.(dated);
      if (writing instanceof Promise) writing.catch(tell);
    } catch (error) {
      tell(error);
    }
  };
}

/** Whose token it was. */
export function identityOf({ subject, session, tokenId }: Claims): Pick<AuthEvent, 'subject' | 'session' | 'tokenId'> {
  return {
    ...(subject !== undefined && { subject }),
    ...(session !== undefined && { session }),
    ...(tokenId !== undefined && { tokenId }),
  };
}
