import type { Claims, Grant } from 'hocuspass';
import type { AccessLevel } from 'hocuspass/core';
import type { Accounts } from './accounts.ts';
import type { Session } from './sessions.ts';
import type { Shares } from './shares.ts';

/** What a signed-in person may do: the account's rights, and above them what owners shared. */
export function createGrant(accounts: Accounts, shares: Shares): (session: Session) => Grant {
  return ({ id, username }) => {
    const documents: Record<string, AccessLevel | 'none'> = accounts.rightsOf(username);
    for (const { document, level } of shares.withSubject(username)) documents[document] = level;
    return { subject: username, session: id, name: accounts.find(username)?.name, documents };
  };
}

/** The live check beside the token: a share decides at once, whatever tokens are still around; else the token does. */
export function createAuthorize(shares: Shares): (claims: Claims, documentName: string) => AccessLevel | undefined {
  return ({ subject }, documentName) => {
    const share = subject === undefined ? undefined : shares.find(documentName, subject);
    if (share === undefined) return 'write';
    return share.level === 'none' ? undefined : share.level;
  };
}
