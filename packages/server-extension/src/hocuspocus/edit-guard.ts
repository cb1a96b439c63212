import type { beforeSyncPayload } from '@hocuspocus/server';
import { createCommentFilter } from './comment-filter.ts';
import type { JwtAuthOptions } from './jwt-auth-options.ts';
import type { LiveConnection } from './open-connection.ts';

/** y-protocols/sync: everything but this carries edits. */
const SYNC_STEP_1 = 0;
/** y-protocols/sync: what a client has just typed. The other, SyncStep2, mostly repeats what the server knows. */
const UPDATE = 2;

/** Decides about the edits of connections that may not write: nothing, or what comments may touch. */
export type EditGuard = (live: LiveConnection, message: beforeSyncPayload) => 'allowed' | 'rejected';

export function createEditGuard(comments: JwtAuthOptions['comments'] = {}): EditGuard {
  const isComment = createCommentFilter(comments);
  const changesNothing = createCommentFilter({});

  return (live, { connection, document, type, payload }) => {
    if (type === SYNC_STEP_1 || live.ended !== undefined || live.level === 'write') return 'allowed';
    if (live.level === 'comment') {
      connection.readOnly = live.isPinned || !isComment(document, payload);
      return connection.readOnly && !changesNothing(document, payload) ? 'rejected' : 'allowed';
    }
    return type === UPDATE || !changesNothing(document, payload) ? 'rejected' : 'allowed';
  };
}
