import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Extension, MessageType } from '@hocuspocus/server';
import { expect, test } from 'vitest';
import { type Claims, createRevocations, createVerifier } from '../../src/index.ts';
import { connect, startServer, untilSynced } from '../support/collaboration.ts';
import { authFrame, presenceFrame, RawClient, rawFrame, updateFrame } from '../support/raw-client.ts';
import { secret, signAnonymous, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

/*
 * A server of documents runs for months, and its connections come and go all day. Every open connection holds its claims
 * and is held by a timer, a set, two maps and a listener: what is left of it when it is gone, and its token lives on, is
 * found by asking the garbage collector for the claims.
 */

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Verifies, and remembers weakly what it gave out. */
function createRemembering() {
  const refs: WeakRef<Claims>[] = [];
  const revocations = createRevocations();
  const check = createVerifier({ secret, revocations, cacheSize: 0 });
  const verify = async (token: string) => {
    const claims = await check(token);
    refs.push(new WeakRef(claims));
    return claims;
  };
  return {
    verify: Object.assign(verify, { revocations }),
    revocations,
    given: () => refs.length,
    alive: () => refs.filter((ref) => ref.deref() !== undefined).length,
  };
}

async function untilCollected(alive: () => number, expected: number): Promise<void> {
  const isCollected = () => {
    collectGarbage();
    return alive() <= expected;
  };
  await untilTrue(isCollected, `${expected} of the claims are left`, 15);
}

const COUNT = 25;

type Leave = (clients: readonly RawClient[], revoke: () => Promise<void>) => unknown;

test.each<[string, Leave]>([
  ['close their documents', (clients) => clients.map((client) => client.send(rawFrame('a', MessageType.CLOSE)))],
  ['lose their sockets', (clients) => clients.map((client) => client.end())],
  ['are revoked', (_, revoke) => revoke()],
  ['present a bad token', (clients) => clients.map((client) => client.send(authFrame('a', 'nonsense')))],
])(
  'connections that %s leave nothing behind',
  async (_, leave) => {
    const memory = createRemembering();
    const server = await startServer({ verify: memory.verify });
    const worker = connect(server, 'a', () => signFor({ subject: 'worker' }));
    await untilSynced(worker);
    const clients = await Promise.all(Array.from({ length: COUNT }, () => RawClient.open(server.url)));
    await Promise.all(
      clients.map(async (client, i) => {
        await client.enter('a', i % 5 === 0 ? signAnonymous() : signFor({ subject: `person ${i}` }));
        client.send(presenceFrame('a', [[i + 1, 1, '{"caret":1}']]));
        client.send(updateFrame('a', new Uint8Array([0, 0])));
        client.send(authFrame('a', i % 5 === 0 ? signAnonymous() : signFor({ subject: `person ${i}` })));
        await untilTrue(() => client.scopes('a').length === 2, 'it is renewed', 20);
      }),
    );
    await untilTrue(() => [...server.auth.connections()].length === COUNT + 1, 'all are there', 20);
    expect(memory.given()).toBe(2 * COUNT + 1);
    await leave(clients, async () => {
      // Everybody but the worker, who comes back with a fresh token.
      await memory.revocations.revoke({ document: 'a' });
      await worker.provider.sendToken();
      worker.provider.startSync();
      await untilTrue(() => worker.scopes.length === 2, 'the worker is back', 20);
    });
    await untilTrue(() => [...server.auth.connections()].length === 1, 'all have left', 20);
    await untilCollected(memory.alive, 1);
    worker.type('still here');
    await untilTrue(() => server.text('a')?.includes('still here') === true, 'the worker works on');
  },
  60_000,
);

test.each<['onAuthenticate' | 'onLoadDocument']>([['onAuthenticate'], ['onLoadDocument']])(
  'sockets that are lost during %s leave nothing behind',
  async (hook) => {
    const memory = createRemembering();
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const wait = async () => {
      waiting += 1;
      await gate.promise;
    };
    const slow: Extension = hook === 'onAuthenticate' ? { onAuthenticate: wait } : { onLoadDocument: wait };
    const server = await startServer({ verify: memory.verify }, { extensions: [slow] });
    const clients = await Promise.all(Array.from({ length: COUNT }, () => RawClient.open(server.url)));
    for (const [i, client] of clients.entries()) client.send(authFrame(`doc ${i}`, signFor()));
    await untilTrue(() => waiting === COUNT, 'all are waiting', 20);
    for (const client of clients) client.end();
    await untilTrue(() => clients.every(({ isOpen }) => !isOpen), 'all sockets are lost', 20);
    gate.resolve();
    await untilCollected(memory.alive, 0);
    expect([...server.auth.connections()]).toEqual([]);
    expect(memory.given()).toBe(COUNT);
  },
  60_000,
);

test('connections that another hook or a failing load refuses leave nothing behind', async () => {
  const memory = createRemembering();
  const refuse: Extension = {
    onAuthenticate: async ({ documentName }) => {
      if (documentName.startsWith('closed')) throw { reason: 'closed' };
    },
    onLoadDocument: async ({ documentName }) => {
      if (documentName.startsWith('broken')) throw { reason: 'broken' };
    },
  };
  const server = await startServer({ verify: memory.verify }, { extensions: [refuse] });
  const page = await RawClient.open(server.url);
  const names = Array.from({ length: COUNT }, (_, i) => [`closed ${i}`, `broken ${i}`]).flat();
  for (const name of names) page.send(authFrame(name, signFor()));
  await untilTrue(() => names.every((name) => page.refusals(name).length > 0), 'all are refused', 20);
  await untilCollected(memory.alive, 0);
  expect(memory.given()).toBe(2 * COUNT);
}, 60_000);
