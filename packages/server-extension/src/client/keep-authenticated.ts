import type { HocuspocusProvider } from '@hocuspocus/provider';
import { parseAnnouncement } from '../core/announcement.ts';
import { whatHelps } from '../core/what-helps.ts';
import { backoffMs } from './backoff.ts';
import { AUTH, readFrame, SYNC_STATUS } from './read-frame.ts';
import { createSnapshotStore, type Snapshot } from './snapshot.ts';
import type { TokenSource } from './token-source.ts';

/** What is used of a provider. */
export type AuthProvider = Pick<
  HocuspocusProvider,
  'on' | 'off' | 'sendToken' | 'startSync' | 'isAuthenticated' | 'authorizedScope'
>;

/** The state of one provider, and what a person can do about it. */
export interface AuthState {
  /** The same object until something changes. */
  getSnapshot(): Snapshot;
  /** Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Tries again with a fresh token, after a sign-in, say. */
  retry(): void;
  /** Leaves the provider alone: no timer and no listener stays behind. The provider's `destroy()` does the same. */
  stop(): void;
}

/** How a provider says that its source has no token, and the reasons of the source that are final. */
const NO_TOKEN = /^Failed to get token.*?(signed-out|document-forbidden)?$/s;

/**
 * Keeps a provider authenticated: presents fresh tokens when the server asks, recovers on the same socket when a
 * connection has ended, and tells level, reason and expiry. Call it right after the provider was created.
 *
 * @example
 * const auth = keepAuthenticated(provider, tokens);
 * auth.subscribe(() => editor.setEditable(auth.getSnapshot().level === 'write'));
 */
export function keepAuthenticated(provider: AuthProvider, tokens: TokenSource): AuthState {
  const [get, set, subscribe] = createSnapshotStore({ status: 'connecting', rejectedChanges: 0 });
  let isOnline = true;
  let isOpen = false;
  /** A token is on its way to the server, or its answer on the way back. */
  let isAsking = true;
  /** The era of the token that the server has seen last. */
  let presented = tokens.era?.() ?? 0;
  /** Reasons for which a fresh token is tried since the server last accepted one: what was asked for in a later era. */
  let tried: Record<string, number> = {};
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const listeners = {
    open(): void {
      restart('connecting');
    },
    status({ status }: { status: string }): void {
      if (status === 'disconnected') restart('offline');
    },
    outgoingMessage({ message }: { message: { type?: number } }): void {
      if (message.type === AUTH) presented = tokens.era?.() ?? presented + 1;
    },
    message({ event }: { event: { data: ArrayBuffer } }): void {
      const [kind, detail] = readFrame(event.data);
      const { level, rejectedChanges } = get();
      if (kind === AUTH && detail === 0) {
        // The provider asks for a token right after this event, and must not get the one that is to be replaced.
        tokens.clear(presented);
        isAsking = true;
        if (isOpen) show('renewing');
      }
      if (kind === SYNC_STATUS && detail === 0) set({ rejectedChanges: rejectedChanges + 1 });
      else if (kind === SYNC_STATUS && level === 'write') set({ rejectedChanges: 0 });
    },
    authenticated(): void {
      // An answer that was on its way when the connection ended.
      if (!isOpen && !isAsking) return;
      clearTimeout(timer);
      isOpen = true;
      isAsking = false;
      failures = 0;
      tried = {};
      set({
        status: 'authenticated',
        reason: undefined,
        // Scopes know no `comment`: it was announced, and stays until something else is.
        level: provider.authorizedScope === 'read-write' ? 'write' : get().level === 'comment' ? 'comment' : 'read',
      });
    },
    stateless({ payload }: { payload: string }): void {
      const announcement = parseAnnouncement(payload);
      if (!announcement) return;
      set({ level: announcement.level, expiresAt: new Date(Date.now() + announcement.expiresInSeconds * 1_000) });
    },
    authenticationFailed({ reason }: { reason: string }): void {
      const own = NO_TOKEN.exec(reason);
      // What Hocuspocus says when a document could not be loaded, after it has let its reader in.
      const help = isOpen && reason === 'permission-denied' ? 'later' : undefined;
      // An open connection that gets no token stays open until the server ends it.
      isOpen &&= own !== null;
      setBack(own ? (own[1] ?? 'auth-unavailable') : reason, help);
    },
    close({ event: { reason } }: { event: { reason: string } }): void {
      // The socket's own end was a status before, and a refusal its own event.
      if (isOpen || isAsking) {
        // The document alone was closed, and the provider would leave it at that.
        isOpen = false;
        setBack(reason, 'later');
      }
    },
    destroy: stop,
  };
  for (const [event, listener] of Object.entries(listeners)) provider.on(event, listener);
  if (provider.isAuthenticated) listeners.authenticated();

  /** A new socket, or none: the provider authenticates by itself. */
  function restart(status: 'offline' | 'connecting'): void {
    clearTimeout(timer);
    isOpen = false;
    isOnline = isAsking = status === 'connecting';
    if (get().status !== 'refused') show(status);
  }

  function setBack(reason: string, help = whatHelps(reason)): void {
    clearTimeout(timer);
    isAsking = false;
    if (help === 'fresh-token') {
      if (presented > (tried[reason] ?? presented)) help = 'nothing';
      tried[reason] = tokens.era?.() ?? presented;
      tokens.clear(presented);
    }
    if (isOpen) show('authenticated');
    else if (help === 'nothing') set({ status: 'refused', reason, level: undefined });
    else show(help === 'later' ? 'offline' : 'renewing', reason);
    if (help !== 'nothing') timer = setTimeout(recover, backoffMs(failures++));
  }

  /** Presents a token on the same socket, and syncs if the connection was over. */
  async function recover(): Promise<void> {
    if (isAsking || !isOnline) return;
    isAsking = true;
    await provider.sendToken();
    if (isAsking && !isOpen) provider.startSync();
  }

  function show(status: Snapshot['status'], reason?: string): void {
    set({ status, reason });
  }

  function retry(): void {
    failures = 0;
    tried = {};
    if (!isOpen) show(isOnline ? 'connecting' : 'offline');
    // The provider asks the source in a moment, and hears of a failure.
    tokens.refresh().catch(() => undefined);
    void recover();
  }

  function stop(): void {
    clearTimeout(timer);
    for (const [event, listener] of Object.entries(listeners)) provider.off(event, listener);
  }

  return { getSnapshot: get, subscribe, retry, stop };
}
