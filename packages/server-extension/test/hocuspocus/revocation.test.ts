import { expect, test, vi } from 'vitest';
import type { AuthEvent } from '../../src/hocuspocus.ts';
import {
  createRevocations,
  createSigner,
  createVerifier,
  type Revocations,
  type RevocationTarget,
  type Verify,
} from '../../src/index.ts';
import { connect, openSocket, startServer, untilRefused, untilSynced } from '../support/collaboration.ts';
import { createFlakyStore } from '../support/flaky-store.ts';
import { createTestVerifier, secret, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

test.each<[string, RevocationTarget]>([
  ['subject', { subject: 'ada' }],
  ['session', { session: 's1' }],
  ['document', { document: 'team/plan' }],
  ['pattern', { document: 'team/*' }],
  ['subject and document', { subject: 'ada', document: 'team/*' }],
])('a revocation by %s ends the open connection, and refuses the next', async (_, target) => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const token = signFor({ session: 's1' });
  const client = connect(server, 'team/plan', token);
  await untilSynced(client);
  await revocations.revoke(target);
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.refusals).toEqual(['token-revoked']);
  expect(server.events.at(-1)).toMatchObject({ type: 'revoked', subject: 'ada', documentName: 'team/plan' });
  expect(await untilRefused(connect(server, 'team/plan', token))).toBe('token-revoked');
});

test('a revocation by tokenId ends just that token', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const tokens = [signFor(), signFor()] as const;
  const [one, other] = [connect(server, 'a', tokens[0]), connect(server, 'a', tokens[1])];
  await Promise.all([untilSynced(one), untilSynced(other)]);
  const { tokenId } = await verify(tokens[0]);
  await revocations.revoke({ tokenId });
  await untilTrue(() => one.closes.length > 0, 'the connection is closed');
  expect(one.closes).toEqual(['token-revoked']);
  other.type('still here');
  await untilTrue(() => server.text('a') === 'still here', 'the edit arrives');
});

test.each<[string, RevocationTarget]>([
  ['another subject', { subject: 'ben' }],
  ['another session', { session: 's2' }],
  ['another document', { document: 'team/other' }],
  ['this subject in another document', { subject: 'ada', document: 'b/*' }],
])('a revocation of %s leaves it open', async (_, target) => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const client = connect(server, 'team/plan', signFor({ session: 's1' }));
  await untilSynced(client);
  await revocations.revoke(target);
  client.type('still here');
  await untilTrue(() => server.text('team/plan') === 'still here', 'the edit arrives');
});

test('a token that is issued right after the revocation works at once', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  await client.provider.sendToken();
  client.provider.startSync();
  await untilTrue(() => client.scopes.length === 2, 'it is authenticated again');
});

test('writes that were queued before the revocation do not land', async () => {
  const { verify, revocations } = createTestVerifier();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queued = Promise.withResolvers<void>();
  const slow = {
    beforeSync: async ({ type }: { type: number }) => {
      if (type !== 2) return;
      queued.resolve();
      await gate;
    },
  };
  const server = await startServer({ verify }, { extensions: [slow] });
  const ada = connect(server, 'a', signFor());
  await untilTrue(() => ada.provider.isSynced, 'the provider is synced');
  const ben = connect(server, 'a', signFor({ subject: 'ben' }));
  await untilTrue(() => ben.provider.isSynced, 'the other provider is synced');
  for (let i = 0; i < 20; i += 1) ada.type('x');
  await queued.promise;
  await revocations.revoke({ subject: 'ada' });
  release();
  await untilTrue(() => ada.closes.length > 0, 'the connection is closed');
  ben.type('mine');
  await untilTrue(() => server.text('a') === 'mine', 'the other edit arrives');
});

test('a connection that is revoked while its document loads is closed before it reads or writes', async () => {
  const { verify, revocations } = createTestVerifier();
  const loading = Promise.withResolvers<void>();
  const loaded = Promise.withResolvers<void>();
  const load = {
    onLoadDocument: async () => {
      loading.resolve();
      await loaded.promise;
    },
  };
  // Would delay our own `connected` hook, while the connection is already there.
  const slow = { priority: 9_000, connected: () => new Promise((resolve) => setTimeout(resolve, 1_000)) };
  const server = await startServer({ verify }, { extensions: [load, slow] });
  const ada = connect(server, 'a', signFor());
  ada.type('early');
  const ben = connect(server, 'a', signFor({ subject: 'ben' }));
  await loading.promise;
  await untilTrue(() => server.events.length === 2, 'both are allowed');
  await revocations.revoke({ subject: 'ada' });
  loaded.resolve();
  await untilTrue(() => ada.closes.length > 0, 'the connection is closed');
  await untilSynced(ben);
  ben.type('mine');
  await untilTrue(() => server.text('a') === 'mine', 'the other edit arrives');
  expect(ada.refusals).toEqual(['token-revoked']);
  expect(ada.text()).toBe('early');
});

test('a revocation while a later hook is still thinking refuses', async () => {
  const { verify, revocations } = createTestVerifier();
  const thinking = Promise.withResolvers<void>();
  const decided = Promise.withResolvers<void>();
  const other = {
    onAuthenticate: async () => {
      thinking.resolve();
      await decided.promise;
    },
  };
  const server = await startServer({ verify }, { extensions: [other] });
  const client = connect(server, 'a', signFor());
  await thinking.promise;
  await revocations.revoke({ subject: 'ada' });
  decided.resolve();
  expect(await untilRefused(client)).toBe('token-revoked');
  expect(client.scopes).toEqual([]);
});

test('a revocation while authorize is still thinking refuses', async () => {
  const { verify, revocations } = createTestVerifier();
  const decided = Promise.withResolvers<'write'>();
  const thinking = Promise.withResolvers<void>();
  const authorize = () => {
    thinking.resolve();
    return decided.promise;
  };
  const server = await startServer({ verify, authorize });
  const client = connect(server, 'a', signFor());
  await thinking.promise;
  await revocations.revoke({ document: 'a' });
  decided.resolve('write');
  expect(await untilRefused(client)).toBe('token-revoked');
});

test('a token that is withdrawn while it is accepted renews nothing, at whatever moment', async () => {
  const { verify, revocations } = createTestVerifier();
  for (let turns = 0; turns < 12; turns += 1) {
    let revokeLater: () => Promise<void> = async () => {};
    const authorize = () => {
      void revokeLater();
      return 'write' as const;
    };
    const server = await startServer({ verify, authorize });
    let session = `first ${turns}`;
    const client = connect(server, 'a', () => signFor({ session }));
    await untilSynced(client);
    session = `second ${turns}`;
    revokeLater = async () => {
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      await revocations.revoke({ session });
    };
    await client.provider.sendToken();
    await untilTrue(() => client.closes.length > 0, 'the connection is closed');
    expect(client.closes).toEqual(['token-revoked']);
  }
});

test('a slow connected hook of another extension opens no gap for a revocation', async () => {
  const { verify, revocations } = createTestVerifier();
  const slow = { priority: 9_000, connected: () => new Promise((resolve) => setTimeout(resolve, 2_000)) };
  const server = await startServer({ verify }, { extensions: [slow] });
  const client = connect(server, 'a', signFor());
  await untilSynced(client);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => client.closes.length > 0, 'the connection is closed', 1);
});

test('on a socket with many documents, only what is revoked ends', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const socket = openSocket(server.url);
  const a = connect(socket, 'a', signFor());
  const b = connect(socket, 'b', signFor({ subject: 'ben' }));
  await Promise.all([untilSynced(a), untilSynced(b)]);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => a.closes.length > 0, 'the connection is closed');
  b.type('still here');
  await untilTrue(() => server.text('b') === 'still here', 'the edit arrives');
});

test('renew() makes matching connections present a fresh token now, and they go on', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  let level: 'write' | 'read' = 'write';
  const client = connect(server, 'a', () => signFor({ documents: { a: level } }));
  const other = connect(server, 'a', () => signFor({ subject: 'ben' }));
  await Promise.all([untilSynced(client), untilSynced(other)]);
  level = 'read';
  await revocations.renew({ subject: 'ada' });
  await untilTrue(() => client.scopes.at(-1) === 'readonly', 'the new level is there');
  expect(client.closes).toEqual([]);
  expect(other.scopes).toEqual(['read-write']);
});

test('a client that answers renew() with its old token is closed', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const client = connect(server, 'a', signFor());
  await untilSynced(client);
  await revocations.renew({ subject: 'ada' });
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.closes).toEqual(['token-expired']);
});

test.each([
  ['lowers', 'read' as const],
  ['ends', undefined],
])('renew() %s at once what authorize has taken away, whatever the client answers', async (_, next) => {
  const { verify, revocations } = createTestVerifier();
  let level: 'write' | 'read' | undefined = 'write';
  const server = await startServer({ verify, authorize: () => level });
  const tokens: (Promise<string> | string)[] = [signFor(), new Promise<string>(() => {})];
  const client = connect(server, 'a', () => tokens.shift() ?? '');
  await untilSynced(client);
  level = next;
  await revocations.renew({ subject: 'ada' });
  client.type('too late');
  if (next === undefined) {
    await untilTrue(() => client.closes.includes('document-forbidden'), 'the connection is closed');
    return;
  }
  await untilTrue(() => client.acknowledged.includes(false), 'the edit is refused');
  expect(client.scopes.at(-1)).toBe('readonly');
  expect(server.text('a')).toBe('');
  expect(server.events).toContainEqual(
    expect.objectContaining({ type: 'level-changed', from: 'write', level: 'read' }),
  );
});

test('a client that does not answer renew() is closed after the deadline', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify, renewal: { deadline: 0.3 } });
  const tokens: (Promise<string> | string)[] = [signFor(), new Promise<string>(() => {})];
  const client = connect(server, 'a', () => tokens.shift() ?? '');
  await untilSynced(client);
  const start = performance.now();
  await revocations.renew({ document: 'a' });
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(performance.now() - start).toBeGreaterThan(290);
  expect(client.closes).toEqual(['token-expired']);
});

test('the deadline is 10 seconds by default', async ({ onTestFinished }) => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const tokens: (Promise<string> | string)[] = [signFor(), new Promise<string>(() => {})];
  const client = connect(server, 'a', () => tokens.shift() ?? '');
  await untilSynced(client);
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  await revocations.renew({ subject: 'ada' });
  vi.setSystemTime(Date.now() + 9_900);
  client.type('in time');
  await untilTrue(() => server.text('a') === 'in time', 'the edit arrives');
  vi.setSystemTime(Date.now() + 100);
  client.type(', too late');
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.closes).toEqual(['token-expired']);
  expect(server.text('a') ?? 'in time').toBe('in time');
});

test('the first of 1,000 connections ends as soon as the last: 1,000 of 2,000 are revoked at once', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify, limits: { connectionsPerDocument: 2_000 } });
  const sockets = Array.from({ length: 20 }, () => openSocket(server.url));
  const tokens = { ada: signFor(), ben: signFor({ subject: 'ben' }) };
  const clients = sockets.flatMap((socket, s) =>
    Array.from({ length: 100 }, (_, i) => {
      const subject = i % 2 === 0 ? 'ada' : 'ben';
      return { subject, ...connect(socket, `doc-${s}-${i}`, tokens[subject]) };
    }),
  );
  await untilTrue(() => [...server.auth.connections()].length === 2_000, 'all are open', 20);
  await revocations.revoke({ subject: 'ada' });
  expect([...server.auth.connections()].length).toBe(1_000);
  const ended = clients.filter(({ subject }) => subject === 'ada');
  await untilTrue(() => ended.every(({ closes }) => closes[0] === 'token-revoked'), 'all are told', 10);
  expect(clients.filter(({ closes }) => closes.length > 0).length).toBe(1_000);
}, 60_000);

test.each<[string, (revocations: Revocations) => Verify]>([
  ['from createVerifier', (revocations) => createVerifier({ secret, revocations })],
  [
    'of the app’s own, which leaves revocations to us',
    (revocations) => {
      const own = createVerifier({ secret });
      return Object.assign((token: string) => own(token), { revocations });
    },
  ],
])('a verify %s: while the store is out, new connections are refused and open ones go on', async (_, create) => {
  const warnings = collectWarnings();
  const store = createFlakyStore();
  const revocations = createRevocations({ store });
  const server = await startServer({ verify: create(revocations) });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  store.tell('lost');
  expect(await untilRefused(connect(server, 'a', signFor()))).toBe('auth-unavailable');
  await client.provider.sendToken();
  client.type('still here');
  await untilTrue(() => server.text('a') === 'still here', 'the edit arrives');
  expect(client.closes).toEqual([]);
  store.tell('current');
  await untilSynced(connect(server, 'a', signFor()));
  await untilTrue(() => client.scopes.length > 1, 'it is asked again, and renewed');
  const types = server.events.map(({ type }: AuthEvent) => type);
  expect(types.filter((type) => type.startsWith('store-'))).toEqual(['store-lost', 'store-recovered']);
  // The event is enough.
  expect(warnings).toEqual([]);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => client.closes.length > 0, 'it is closed');
  expect(client.closes).toEqual(['token-revoked']);
});

test("with whenUnavailable: 'allow' an outage refuses nobody", async () => {
  const store = createFlakyStore();
  const revocations = createRevocations({ store, whenUnavailable: 'allow' });
  const server = await startServer({ verify: createVerifier({ secret, revocations }) });
  store.tell('lost');
  await untilSynced(connect(server, 'a', signFor()));
});

test('tokens of the same second are told apart: the one before the revocation ends, the one after it stays', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const sign = createSigner({ secret });
  const grant = { subject: 'ada', documents: { a: 'write' } } as const;
  const before = sign(grant).token;
  await revocations.revoke({ subject: 'ada' });
  const after = sign(grant).token;
  expect(await untilRefused(connect(server, 'a', before))).toBe('token-revoked');
  await untilSynced(connect(server, 'a', after));
});
