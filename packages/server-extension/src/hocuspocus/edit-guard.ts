import type { beforeSyncPayload, Document } from '@hocuspocus/server';
import { getState, parseUpdateMeta } from 'yjs';
import { createCommentFilter } from './comment-filter.ts';
import type { JwtAuthOptions } from './jwt-auth-options.ts';
import type { LiveConnection } from './open-connection.ts';
import type { PresenceGuard } from './presence-guard.ts';

/** y-protocols/sync: everything but this carries edits. */
const SYNC_STEP_1 = 0;
/** y-protocols/sync: what a client has just typed. The other, SyncStep2, mostly repeats what the server knows. */
const UPDATE = 2;

/** Decides about the edits of connections that may not write: nothing, or what comments may touch. */
export type EditGuard = (live: LiveConnection, message: beforeSyncPayload) => 'allowed' | 'rejected';

export function createEditGuard(comments: JwtAuthOptions['comments'], presence: PresenceGuard): EditGuard {
  const isComment = comments === undefined ? undefined : createCommentFilter(comments);
  const changesNothing = createCommentFilter({});

  return (live, { connection, document, type, payload }) => {
    if (type === SYNC_STEP_1 || live.ended !== undefined || live.level === 'write') return 'allowed';
    if (live.level === 'comment' && isComment) {
      const isAccepted = isComment(document, payload) && !isForeign(live, document, payload);
      connection.readOnly = live.isPinned || !isAccepted;
      return connection.readOnly && !changesNothing(document, payload) ? 'rejected' : 'allowed';
    }
    // Another extension may have lifted it since the message came in.
    connection.readOnly = true;
    return type === UPDATE || !changesNothing(document, payload) ? 'rejected' : 'allowed';
  };

  /** Items under a client id that others write with would void what they have not sent yet. */
  function isForeign(live: LiveConnection, document: Document, update: Uint8Array): boolean {
    for (const [clientId, clock] of parseUpdateMeta(update).to) {
      if (clock > getState(document.store, clientId) && presence.isForeign(live, document, clientId)) return true;
    }
    return false;
  }
}
