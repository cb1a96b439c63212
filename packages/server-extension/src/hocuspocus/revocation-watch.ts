import { isAtLeast } from '../core/level.ts';
import type { LevelNow } from '../core/level-now.ts';
import type { RevocationEntry } from '../revocation/revocation-store.ts';
import type { RevocationIndex } from '../revocation/revocations.ts';
import type { Audit } from './audit.ts';
import { toAuthContext } from './auth-context.ts';
import { sendAuthenticated } from './frames.ts';
import type { LiveConnection } from './open-connection.ts';
import type { OpenConnections } from './open-connections.ts';

interface WatchParts {
  revocations: RevocationIndex;
  open: OpenConnections;
  levelNow: LevelNow;
  deadlineMs: number;
  audit: Audit;
}

/** Ends, or renews, what is open as soon as it is withdrawn, here or on another server. Returns the function that stops it. */
export function watchRevocations({ revocations, open, levelNow, deadlineMs, audit }: WatchParts): () => void {
  let isLost = false;

  const endEntry = revocations.onEntry((entry) => {
    for (const live of open.all()) if (revocations.concerns(entry, live.claims, live.documentName)) apply(entry, live);
  });
  const endState = revocations.onState((state) => {
    if (state === 'lost') audit({ type: 'store-lost' });
    else if (isLost) audit({ type: 'store-recovered' });
    isLost = state === 'lost';
  });
  return () => {
    endEntry();
    endState();
  };

  function apply({ kind }: RevocationEntry, live: LiveConnection): void {
    if (kind === 'revoke') {
      live.end('token-revoked');
      return;
    }
    live.demandRenewal(deadlineMs);
    void lower(live);
  }

  /** A client may keep its old token until the deadline: what the app has taken away is gone at once. */
  async function lower(live: LiveConnection): Promise<void> {
    const { claims, documentName } = live;
    // An outage is for the renewal to judge, which is on its way.
    const level = await levelNow(claims, documentName).catch(() => live.level);
    if (live.claims !== claims || live.ended !== undefined) return;
    if (level === undefined) live.end('document-forbidden');
    else if (!isAtLeast(level, live.level)) set(live, level);
  }

  function set(live: LiveConnection, level: LiveConnection['level']): void {
    const from = live.level;
    live.level = level;
    const { connection } = live;
    if (connection !== undefined) {
      connection.readOnly ||= live.readOnly;
      connection.context = { ...connection.context, ...toAuthContext(live) };
    }
    // Once it is closed, its address may be that of the client's next connection.
    if (connection?.document.hasConnection(connection)) {
      open.announce(live);
      sendAuthenticated(connection);
    }
    open.tell(live, 'level-changed', { from });
  }
}
