import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { onTestFinished } from 'vitest';
import type { Doc } from 'yjs';
import { type AuthState, keepAuthenticated, type Snapshot, type TokenSource } from '../../src/client.ts';
import { connect, openSocket, type TestClient } from './collaboration.ts';
import { untilTrue } from './until.ts';

/** A provider that is kept authenticated, and all its snapshots. */
export interface KeptClient extends TestClient {
  auth: AuthState;
  snapshots: Snapshot[];
  now(): Snapshot;
  untilStatus(status: Snapshot['status']): Promise<void>;
  untilLevel(level: Snapshot['level']): Promise<void>;
}

/** Opens a document as an app does. */
export function keep(
  at: { url: string } | HocuspocusProviderWebsocket,
  name: string,
  tokens: TokenSource,
  more: { document?: Doc; sessionAwareness?: boolean } = {},
): KeptClient {
  const client = connect(at instanceof HocuspocusProviderWebsocket ? at : openSocket(at.url), name, tokens, more);
  const auth = keepAuthenticated(client.provider, tokens);
  onTestFinished(() => auth.stop());
  const snapshots = [auth.getSnapshot()];
  auth.subscribe(() => snapshots.push(auth.getSnapshot()));
  const until = (isTrue: (snapshot: Snapshot) => boolean, what: string) =>
    untilTrue(() => isTrue(auth.getSnapshot()), what).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(snapshots)}`);
    });
  return Object.assign(client, {
    auth,
    snapshots,
    now: auth.getSnapshot,
    untilStatus: (status: Snapshot['status']) => until((snapshot) => snapshot.status === status, `it is ${status}`),
    untilLevel: (level: Snapshot['level']) => until((snapshot) => snapshot.level === level, `the level is ${level}`),
  });
}
