import { HocuspocusProvider } from '@hocuspocus/provider';
import { type AuthState, keepAuthenticated, type Snapshot } from 'hocuspass/client';
import type { AccessLevel } from 'hocuspass/core';
import { Doc } from 'yjs';
import { collaborationUrl } from './api.ts';
import { createEmitter } from './emitter.ts';
import type { PassSource } from './pass.ts';

/** One document that this pane has open: its Yjs document, its connection, and what one may do in it. */
export interface OpenDocument {
  name: string;
  document: Doc;
  provider: HocuspocusProvider;
  state(): DocumentState;
  onChange(listener: (state: DocumentState) => void): () => void;
  retry(): void;
  /** Pulls the plug and puts it back, as a train in a tunnel would. */
  setPlugged(plugged: boolean): void;
  close(): void;
}

export interface DocumentState {
  status: Snapshot['status'];
  /** The last level that is known; kept while offline. */
  level: AccessLevel | undefined;
  reason: string | undefined;
  expiresAt: Date | undefined;
  unsaved: boolean;
  loaded: boolean;
  rejectedChanges: number;
  plugged: boolean;
}

export function openDocument(name: string, passes: PassSource): OpenDocument {
  const document = new Doc();
  const provider = new HocuspocusProvider({ url: collaborationUrl(), name, document, token: passes });
  const auth: AuthState = keepAuthenticated(provider, passes);
  const changes = createEmitter<DocumentState>();
  let plugged = true;
  let loaded = false;
  let level: AccessLevel | undefined;

  const state = (): DocumentState => {
    const { status, level: granted, reason, expiresAt, rejectedChanges } = auth.getSnapshot();
    if (status === 'refused') level = undefined;
    else level = granted ?? level;
    return {
      status: plugged ? status : 'offline',
      level,
      reason,
      expiresAt,
      unsaved: provider.hasUnsyncedChanges,
      loaded,
      rejectedChanges,
      plugged,
    };
  };
  const tell = (): void => changes.emit(state());

  provider.on('synced', () => {
    loaded = true;
    tell();
  });
  provider.on('unsyncedChanges', tell);
  auth.subscribe(tell);

  return {
    name,
    document,
    provider,
    state,
    onChange: changes.on,
    retry: () => {
      passes.clear();
      auth.retry();
    },
    setPlugged: (on) => {
      plugged = on;
      const socket = provider.configuration.websocketProvider;
      if (on) socket.connect();
      else socket.disconnect();
      tell();
    },
    close: () => {
      auth.stop();
      provider.destroy();
      document.destroy();
    },
  };
}
