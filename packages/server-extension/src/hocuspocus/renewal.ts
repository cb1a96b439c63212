import type { onTokenSyncPayload } from '@hocuspocus/server';
import { AuthError } from '../core/auth-error.ts';
import { isAtLeast } from '../core/level.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';
import type { Verify } from '../token/verify.ts';
import type { Admission, Admit } from './admission.ts';
import { type AuthContext, toAuthContext } from './auth-context.ts';
import { sendAuthenticated, sendSyncStep1 } from './frames.ts';
import type { LiveConnection } from './open-connection.ts';
import type { OpenConnections } from './open-connections.ts';
import { warnOfOutage } from './outage-warning.ts';
import { toReason } from './refusal.ts';

/** Providers send one token when they are asked. Thousands would be as many questions to the app's database. */
const MAX_UNDER_WAY = 10;

interface RenewalParts {
  verify: Verify;
  admit: Admit;
  revocations: RevocationIndex | undefined;
  open: OpenConnections;
}

/**
 * Takes the next token of an open connection: the same subject, this document, perhaps another level. A refusal ends
 * the connection. Resolves to the new context, or `undefined` where nothing changes; never rejects, because Hocuspocus
 * would print it.
 */
export type Renew = (live: LiveConnection, data: onTokenSyncPayload) => Promise<AuthContext | undefined>;

export function createRenew({ verify, admit, revocations, open }: RenewalParts): Renew {
  return async (live, { connection, documentName, token }) => {
    live.attempts += 1;
    const attempt = live.attempts;
    if (live.underWay >= MAX_UNDER_WAY) live.end('rate-limited');
    if (isOver(live, attempt)) return undefined;
    live.underWay += 1;
    const admission = await readmit(live, token, documentName, attempt);
    live.underWay -= 1;
    if (admission === undefined || isOver(live, attempt)) return undefined;
    // Once more: a revocation looks through what is open, and did not find this token there.
    const withdrawn = revocations?.refusalFor(admission.claims, documentName);
    if (withdrawn !== undefined) {
      live.end(withdrawn);
      return undefined;
    }
    const wasReadOnly = live.readOnly;
    const before = live.renew(admission);
    const renewed = toAuthContext(live);
    // What a hook returns does not reach connection.context, which other hooks see.
    connection.context = { ...connection.context, ...renewed };
    if (live.readOnly) connection.readOnly = true;
    // Otherwise it was somebody else who made it read-only: that is not for a token to lift.
    else if (wasReadOnly) connection.readOnly = false;
    // First, because the frame after it knows no `comment`.
    open.announce(live);
    sendAuthenticated(connection);
    if (!isAtLeast(before, live.level)) sendSyncStep1(connection);
    open.tell(live, 'renewed');
    if (before !== live.level) open.tell(live, 'level-changed', { from: before });
    return renewed;
  };

  async function readmit(
    live: LiveConnection,
    token: string,
    documentName: string,
    attempt: number,
  ): Promise<Admission | undefined> {
    try {
      const claims = await verify(token);
      if (claims.subject !== live.subject) throw new AuthError('subject-changed');
      return await admit(claims, documentName);
    } catch (error) {
      const reason = toReason(error);
      live.socket.countRefusal(reason);
      if (isOver(live, attempt)) return undefined;
      // Open connections go on while the store of revocations is out, until their own end.
      if (reason === 'auth-unavailable' && revocations?.available === false) {
        live.postponeRenewal();
        return undefined;
      }
      if (reason === 'auth-unavailable') warnOfOutage(verify, error);
      live.end(reason);
      return undefined;
    }
  }
}

/** Whether there is nothing left to renew: a later token is being looked at, or the connection is closed. */
function isOver(live: LiveConnection, attempt: number): boolean {
  const { connection } = live;
  return attempt !== live.attempts || live.ended !== undefined || !connection?.document.hasConnection(connection);
}
