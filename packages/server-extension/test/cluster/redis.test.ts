import type { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { describe, expect, onTestFinished } from 'vitest';
import { connect, openSocket, type TestClient, untilSynced } from '../support/collaboration.ts';
import { CollaborationProcess } from '../support/collaboration-process.ts';
import { authFrame, presenceFrame, RawClient } from '../support/raw-client.ts';
import { hasRedis } from '../support/redis-server.ts';
import { soon } from '../support/soon.ts';
import { testWithRedis } from '../support/test-with-redis.ts';
import { signFor } from '../support/tokens.ts';

/* Two server processes behind one Redis, which carries the documents, the presence and the revocations. */

async function startTwo({ url }: { url: string }): Promise<[CollaborationProcess, CollaborationProcess]> {
  const servers = await Promise.all([startOne(url), startOne(url)]);
  return servers;
}

async function startOne(url: string): Promise<CollaborationProcess> {
  const server = await CollaborationProcess.start(url);
  onTestFinished(() => server.kill());
  return server;
}

/** Opens document `a`, as soon as the server has read what was revoked. */
async function enter(
  at: CollaborationProcess | HocuspocusProviderWebsocket,
  subject: string,
  more: Parameters<typeof connect>[3] = {},
): Promise<TestClient> {
  const client = connect(at, 'a', () => signFor({ subject, name: subject }), more);
  while (!client.provider.isAuthenticated) {
    await expect.poll(() => client.refusals.length + client.scopes.length, soon).toBeGreaterThan(0);
    if (client.scopes.length > 0) break;
    client.refusals.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.provider.sendToken();
  }
  client.provider.startSync();
  await untilSynced(client);
  return client;
}

/** The caret that a client sees under an id, with its owner. */
function seen(client: TestClient, id: number): unknown[] {
  const state = client.provider.awareness?.getStates().get(id);
  return [state?.user?.id, state?.caret];
}

/** What the server says to a token for document `b`: a reason, or the scope that it opens. */
async function answerTo(client: RawClient, token: string): Promise<string | undefined> {
  const answers = () => [...client.refusals('b'), ...client.scopes('b')];
  const before = answers().length;
  client.send(authFrame('b', token));
  await expect.poll(() => answers().length, soon).toBeGreaterThan(before);
  return answers().at(-1);
}

/** Presents a revoked token until the server knows; it may not let it in before. */
async function untilRevoked(server: CollaborationProcess, token: string): Promise<void> {
  const client = await RawClient.open(server.url);
  let answer = await answerTo(client, token);
  while (answer === 'auth-unavailable') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await answerTo(client, token);
  }
  expect(answer).toBe('token-revoked');
  expect(client.scopes('b')).toEqual([]);
}

describe.skipIf(!hasRedis)('two servers on one Redis', () => {
  testWithRedis('a revocation on one ends connections on both, and nobody else’s', async ({ redis }) => {
    const [here, there] = await startTwo(await redis.startServer());
    const ada = [await enter(here, 'ada'), await enter(there, 'ada')];
    const ben = [await enter(here, 'ben'), await enter(there, 'ben')];
    expect(await here.revoke({ subject: 'ada' })).toBe('stored');
    await expect.poll(() => ada.map(({ closes }) => closes), soon).toEqual([['token-revoked'], ['token-revoked']]);
    ada[1]?.type('too late');
    ben[0]?.type('still here');
    await expect.poll(() => ben[1]?.text(), soon).toBe('still here');
    expect([await here.subjects(), await there.subjects()]).toEqual(['ben', 'ben']);
    expect(ben.flatMap(({ closes }) => closes)).toEqual([]);
  });

  testWithRedis('presence that is relayed keeps its owner, on both servers', async ({ redis }) => {
    const [here, there] = await startTwo(await redis.startServer());
    const ada = await enter(here, 'ada');
    const ben = await enter(there, 'ben');
    const id = ada.document.clientID;
    ada.provider.setAwarenessField('user', { name: 'ben', color: '#ff0000' });
    ada.provider.setAwarenessField('caret', 1);
    await expect.poll(() => seen(ben, id), soon).toEqual(['ada', 1]);
    expect(ben.provider.awareness?.getStates().get(id)?.user).toEqual({ id: 'ada', name: 'ada', color: '#ff0000' });
    // On the server where she is not.
    const mallory = await RawClient.open(there.url);
    await mallory.enter('a', signFor({ subject: 'mallory' }));
    mallory.send(presenceFrame('a', [[id, 500, '{"caret":"forged"}']]));
    mallory.send(presenceFrame('a', [[id, 2 ** 32 - 1, '{"user":{"id":"ada"},"caret":"forged"}']]));
    await expect.poll(() => there.events(), soon).toContain('presence-rejected');
    ada.provider.setAwarenessField('caret', 2);
    await expect.poll(() => seen(ben, id), soon).toEqual(['ada', 2]);
    expect(seen(ada, id)[1]).toBe(2);
  });

  testWithRedis(
    'a caret survives the move from one server to the other, while the old socket lingers',
    async ({ redis }) => {
      const [here, there] = await startTwo(await redis.startServer());
      const socket = openSocket(here.url);
      const ada = await enter(socket, 'ada');
      const id = ada.document.clientID;
      const [ben, cleo] = [await enter(here, 'ben'), await enter(there, 'cleo')];
      ada.provider.setAwarenessField('caret', 1);
      await expect
        .poll(() => [seen(ben, id), seen(cleo, id)], soon)
        .toEqual([
          ['ada', 1],
          ['ada', 1],
        ]);
      // The same page, on a new socket: its clock goes on where it was.
      const moved = await RawClient.open(there.url);
      await moved.enter('a', signFor({ name: 'ada' }));
      moved.send(presenceFrame('a', [[id, 1_000, '{"caret":2}']]));
      await expect
        .poll(() => [seen(ben, id), seen(cleo, id)], soon)
        .toEqual([
          ['ada', 2],
          ['ada', 2],
        ]);
      socket.destroy();
      await expect.poll(() => here.subjects(), soon).toBe('ben');
      // What comes later shows that the end of the old connection has been told everywhere.
      ben.provider.setAwarenessField('caret', 5);
      await expect.poll(() => seen(cleo, ben.document.clientID), soon).toEqual(['ben', 5]);
      expect([seen(ben, id), seen(cleo, id)]).toEqual([
        ['ada', 2],
        ['ada', 2],
      ]);
      expect(await here.carets('a')).toContainEqual([id, 'ada', 2]);
      expect(await there.carets('a')).toContainEqual([id, 'ada', 2]);
      // And it still moves.
      moved.send(presenceFrame('a', [[id, 1_001, '{"caret":3}']]));
      await expect
        .poll(() => [seen(ben, id), seen(cleo, id)], soon)
        .toEqual([
          ['ada', 3],
          ['ada', 3],
        ]);
    },
  );

  testWithRedis.for([
    { back: 'an append-only file', appendOnly: true },
    { back: 'an empty memory', appendOnly: false },
  ])(
    'Redis is killed while tokens are revoked, and back with $back: nobody revoked gets in, open connections go on',
    { timeout: 90_000 },
    async ({ appendOnly }, { redis }) => {
      const store = await redis.startServer({ appendOnly });
      const [here, there] = await startTwo(store);
      const old = { dora: signFor({ subject: 'dora' }), ada: signFor({ subject: 'ada' }) };
      const ada = [await enter(here, 'ada'), await enter(there, 'ada')];
      const ben = [await enter(here, 'ben'), await enter(there, 'ben')];
      // Known to both before the end.
      expect(await there.revoke({ subject: 'dora' })).toBe('stored');
      await store.kill();
      const stored = here.revoke({ subject: 'ada' });
      await expect.poll(() => ada[0]?.closes, soon).toEqual(['token-revoked']);

      // Whoever is in goes on; nobody gets in, because nobody knows who may.
      ben[0]?.type('here ');
      ben[1]?.type('there ');
      for (const server of [here, there]) {
        await expect.poll(() => server.events(), soon).toContain('store-lost');
        const late = await RawClient.open(server.url);
        for (const token of [old.ada, old.dora, signFor(), signFor({ subject: 'cleo' })]) {
          expect(['auth-unavailable', 'token-revoked']).toContain(await answerTo(late, token));
        }
      }
      expect(ben.flatMap(({ closes }) => closes)).toEqual([]);

      await store.start();
      // From the first moment on, over and over: as long as they cannot know, they refuse.
      await Promise.all(
        [here, there].flatMap((server) => [untilRevoked(server, old.ada), untilRevoked(server, old.dora)]),
      );
      await stored;
      // Told by the first, which alone had known.
      await expect.poll(() => ada[1]?.closes, soon).toEqual(['token-revoked']);
      const cold = await startOne(store.url);
      await Promise.all([untilRevoked(cold, old.ada), untilRevoked(cold, old.dora)]);
      for (const server of [here, there, cold]) await enter(server, 'ada');
      ben[0]?.type('again ');
      await expect
        .poll(() => ['here ', 'there ', 'again '].every((text) => ben[1]?.text().includes(text)), soon)
        .toBe(true);
      expect(ben.flatMap(({ closes, refusals }) => [...closes, ...refusals])).toEqual([]);
    },
  );
});
