import { type Extension, MessageType } from '@hocuspocus/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import { type Claims, createRevocations, createSigner, createVerifier, type Grant } from '../../src/index.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import { startServer } from '../support/collaboration.ts';
import {
  authFrame,
  presenceFrame,
  RawClient,
  rawFrame,
  statelessFrame,
  syncStep1Frame,
  updateFrame,
} from '../support/raw-client.ts';
import { secret } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

/*
 * The end of a connection, against everything at once: hooks of other extensions that take random times at every step,
 * people who come, go, renew and are revoked at random, on shared sockets. What may never happen is asked where it would
 * show: in the hooks that tell of something that has been done, and at the clients.
 */

/** Mulberry32: the same storm for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SUBJECTS = ['ada', 'ben', 'cleo', 'dora'];
const ADDRESSES = ['a', 'a\0one', 'a\0two', 'b'];
const SECONDS = 3;
/** A busy machine may stop the process between the last look and the deed. */
const STALL_MS = 50;

test.each([1, 2])(
  'nothing is done for anybody whose token was withdrawn, has expired or allows less (storm %i)',
  async (seed) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const random = createRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] ?? never();
    const index = toRevocationIndex(createRevocations());
    const violations: string[] = [];
    let done = 0;

    const dawdle = async (): Promise<void> => {
      if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, random() * 12));
    };
    const judge = (what: string, { context, documentName }: { context: unknown; documentName: string }): void => {
      done += 1;
      const { claims, level } = Object(context);
      // A renewal that was asked for may take its time.
      if (index.refusalFor(claims, documentName) === 'token-revoked') violations.push(`${what}: revoked`);
      if (claims.expiresAt.getTime() + STALL_MS < Date.now()) violations.push(`${what}: expired`);
      if (what === 'change' && level !== 'write') violations.push(`${what}: ${level}`);
    };
    const others: Extension = {
      onAuthenticate: dawdle,
      onLoadDocument: dawdle,
      connected: dawdle,
      beforeHandleMessage: dawdle,
      beforeSync: dawdle,
      beforeHandleAwareness: dawdle,
      onTokenSync: dawdle,
      afterHandleMessage: dawdle,
      onChange: async (data) => judge('change', data),
      onStateless: async ({ connection, documentName }) =>
        judge('stateless', { context: connection.context, documentName }),
      onAwarenessUpdate: async ({ connection, documentName, added, updated }) => {
        if (connection && added.length + updated.length > 0)
          judge('presence', { context: connection.context, documentName });
      },
    };
    const authorize = async (claims: Claims) => {
      await dawdle();
      return random() < 0.1 && claims.subject !== 'eve' ? undefined : ('write' as const);
    };
    const server = await startServer(
      { verify: createVerifier({ secret, revocations: index, clockTolerance: 0 }), authorize },
      { extensions: [others, { ...others, priority: 5_000 }] },
    );

    const token = (): string => {
      const grant: Grant = { subject: pick(SUBJECTS), documents: { '*': random() < 0.7 ? 'write' : 'read' } };
      return createSigner({ secret, expiresIn: 0.05 + random() })(grant).token;
    };
    let tokens = Array.from({ length: 8 }, token);
    const acts: ((client: RawClient, address: string) => unknown)[] = [
      (client, address) => client.send(authFrame(address, pick(tokens))),
      (client, address) => client.send(authFrame(address, token())),
      (client, address) => client.send(syncStep1Frame(address)),
      (client, address) => client.send(updateFrame(address, edit())),
      (client, address) => client.send(updateFrame(address, edit())),
      (client, address) => client.send(statelessFrame(address, 'x')),
      (client, address) =>
        client.send(presenceFrame(address, [[Math.ceil(random() * 20), Math.ceil(random() * 1_000), '{}']])),
      (client, address) => random() < 0.3 && client.send(rawFrame(address, MessageType.CLOSE)),
      () => random() < 0.3 && index.revoke({ subject: pick(SUBJECTS) }),
      () => random() < 0.1 && index.renew({ subject: pick(SUBJECTS) }),
      () => {
        tokens = [...tokens.slice(1), token()];
      },
    ];

    const clients = await Promise.all(Array.from({ length: 12 }, () => RawClient.open(server.url)));
    const everybody = [...clients];
    const end = performance.now() + SECONDS * 1_000;
    while (performance.now() < end) {
      for (const [i, client] of clients.entries()) {
        if (random() < 0.01) client.end();
        const speaker = client.isOpen ? client : await RawClient.open(server.url);
        if (speaker !== client) everybody.push(speaker);
        clients[i] = speaker;
        for (let n = 0; n < 5; n += 1) pick(acts)(speaker, pick(ADDRESSES));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect([...new Set(violations)]).toEqual([]);
    expect(done).toBeGreaterThan(10);
    for (const client of everybody) expect(deliveredAfterTheEnd(client)).toEqual([]);

    // Everybody is withdrawn, and nobody is left.
    await Promise.all(SUBJECTS.map((subject) => index.revoke({ subject })));
    await untilTrue(() => [...server.auth.connections()].length === 0, 'nobody is open', 20);
    for (const client of clients) client.end();
    await untilTrue(() => server.server.hocuspocus.getConnectionsCount() === 0, 'nobody is connected', 20);
    const last = await RawClient.open(server.url);
    await last.enter('a', createSigner({ secret })({ subject: 'eve', documents: { a: 'write' } }).token);
  },
  60_000,
);

function edit(): Uint8Array {
  const document = new Y.Doc();
  document.getText('body').insert(0, 'x');
  return Y.encodeStateAsUpdate(document);
}

/** Frames of a document that came after a connection was ended and before the next one was authenticated. */
function deliveredAfterTheEnd({ frames }: RawClient): number[] {
  const isOver = new Map<string, boolean>();
  const wasLeft = new Set<string>();
  return frames.flatMap(({ address, type, body }) => {
    if (type === MessageType.CLOSE) isOver.set(address, true);
    else if (type === MessageType.Auth && body[0] === 2) isOver.set(address, false);
    // Who closes a document still hears the answers to what was sent before.
    if (type === MessageType.CLOSE && Buffer.from(body).includes('provider_initiated')) wasLeft.add(address);
    const isOfDocument = type === MessageType.Sync || type === MessageType.Awareness || type === MessageType.SyncStatus;
    return isOfDocument && isOver.get(address) === true && !wasLeft.has(address) ? [type] : [];
  });
}

function never(): never {
  throw new Error('An empty list');
}
