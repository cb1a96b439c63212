import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { type Extension, Server, type ServerConfiguration } from '@hocuspocus/server';
import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import type { AuthEvent, JwtAuthOptions } from '../../src/hocuspocus.ts';
import { JwtAuth } from '../../src/hocuspocus.ts';
import { untilTrue } from './until.ts';

/** A real Hocuspocus server on a free port, with `JwtAuth` and whatever else it should run. */
export async function startServer(
  options: JwtAuthOptions,
  { extensions = [], ...configuration }: Partial<ServerConfiguration> = {},
): Promise<TestServer> {
  const events: AuthEvent[] = [];
  const auth = new JwtAuth({ onEvent: (event) => events.push(event), ...options });
  const all: Extension[] = [auth, ...extensions];
  const server = new Server({ quiet: true, stopOnSignals: false, extensions: all, ...configuration });
  server.configuration.port = 0;
  await server.listen();
  onTestFinished(() => server.destroy());
  return { auth, server, events, url: `ws://127.0.0.1:${server.address.port}`, text: (name) => textOn(server, name) };
}

export interface TestServer {
  auth: JwtAuth;
  server: Server;
  events: AuthEvent[];
  url: string;
  /** The text that the server has of a document's `body`; `undefined` while it is not loaded. */
  text(documentName: string): string | undefined;
}

function textOn(server: Server, documentName: string): string | undefined {
  return server.hocuspocus.documents.get(documentName)?.getText('body').toString();
}

/** A real provider, and everything it was told. */
export interface TestClient {
  provider: HocuspocusProvider;
  document: Y.Doc;
  /** Reasons of `authenticationFailed`, in order. */
  refusals: string[];
  /** Scopes of `authenticated`, in order. */
  scopes: string[];
  /** Reasons of CLOSE frames, in order. */
  closes: string[];
  stateless: string[];
  /** Values of SyncStatus frames: true is applied. */
  acknowledged: boolean[];
  type(text: string): void;
  text(): string;
}

export function openSocket(url: string): HocuspocusProviderWebsocket {
  const websocketProvider = new HocuspocusProviderWebsocket({ url, delay: 50, minDelay: 50, jitter: false });
  onTestFinished(() => websocketProvider.destroy());
  return websocketProvider;
}

/** Opens a document with a token, or with a function that gives one. */
export function connect(
  at: { url: string } | HocuspocusProviderWebsocket,
  name: string,
  token: string | (() => string | Promise<string>),
  more: { document?: Y.Doc; sessionAwareness?: boolean } = {},
): TestClient {
  const websocketProvider = at instanceof HocuspocusProviderWebsocket ? at : openSocket(at.url);
  const document = more.document ?? new Y.Doc();
  const provider = new HocuspocusProvider({
    websocketProvider,
    name,
    document,
    token: typeof token === 'string' ? () => token : async () => token(),
    ...(more.sessionAwareness !== undefined && { sessionAwareness: more.sessionAwareness }),
  });
  const client: TestClient = {
    provider,
    document,
    refusals: [],
    scopes: [],
    closes: [],
    stateless: [],
    acknowledged: [],
    type: (text) => document.getText('body').insert(document.getText('body').length, text),
    text: () => document.getText('body').toString(),
  };
  provider.on('authenticationFailed', ({ reason }: { reason: string }) => client.refusals.push(reason));
  provider.on('authenticated', ({ scope }: { scope: string }) => client.scopes.push(scope));
  provider.on('close', ({ event }: { event: { reason: string } }) => client.closes.push(event.reason));
  provider.on('stateless', ({ payload }: { payload: string }) => client.stateless.push(payload));
  const applySyncStatusMessage = provider.on.bind(provider);
  applySyncStatusMessage('message', ({ event }: { event: { data: ArrayBuffer } }) => {
    const bytes = new Uint8Array(event.data);
    const type = bytes[1 + (bytes[0] ?? 0)];
    if (type === 8) client.acknowledged.push(bytes[2 + (bytes[0] ?? 0)] === 1);
  });
  provider.attach();
  onTestFinished(() => provider.destroy());
  return client;
}

export async function untilSynced(client: TestClient): Promise<void> {
  await untilTrue(() => client.provider.isSynced && client.provider.unsyncedChanges === 0, 'the provider is synced');
}

export async function untilRefused(client: TestClient): Promise<string> {
  await untilTrue(() => client.refusals.length > 0, 'the provider is refused');
  return client.refusals[0] ?? '';
}
