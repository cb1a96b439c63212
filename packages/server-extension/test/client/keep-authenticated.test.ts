import jwt from 'jsonwebtoken';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenSource, keepAuthenticated, type Snapshot } from '../../src/client.ts';
import type { AccessLevel } from '../../src/index.ts';
import { startServer, untilSynced } from '../support/collaboration.ts';
import { keep } from '../support/kept-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier, secret, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const statuses = (snapshots: readonly Snapshot[]): string[] => snapshots.map(({ status }) => status);

test('it tells level and expiry, which come from the server', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  expect(client.now()).toEqual({ status: 'connecting', rejectedChanges: 0 });
  await untilTrue(() => client.now().expiresAt !== undefined, 'it knows the expiry');
  const { status, level, reason, expiresAt } = client.now();
  expect({ status, level, reason }).toEqual({ status: 'authenticated', level: 'write', reason: undefined });
  expect(Math.abs(Number(expiresAt) - Date.now() - 60_000)).toBeLessThan(1_000);
});

test.each<[AccessLevel, string]>([
  ['read', 'readonly'],
  ['comment', 'readonly'],
  ['write', 'read-write'],
])('level %s', async (level, scope) => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: level } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilLevel(level);
  expect(client.scopes).toEqual([scope]);
});

test('without an announcement, the level is what the scope says', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify, announce: false });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { '*': 'write', b: 'comment' } } });
  const tokens = createTokenSource(endpoint.url);
  const writer = keep(server, 'a', tokens);
  const other = keep(server, 'b', tokens);
  await writer.untilLevel('write');
  await other.untilLevel('read');
  expect(writer.now().expiresAt).toBeUndefined();
});

test('a snapshot stays the same object until something changes', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  await untilTrue(() => client.now().expiresAt !== undefined, 'it knows the expiry');
  const before = client.now();
  client.type('hello');
  await untilSynced(client);
  expect(client.now()).toBe(before);
});

test('who unsubscribes hears nothing more', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  let calls = 0;
  client.auth.subscribe(() => {
    calls += 1;
  })();
  await client.untilStatus('authenticated');
  expect(calls).toBe(0);
});

test('a token is renewed before it expires: the connection never ends', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 1 });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilTrue(() => server.events.filter(({ type }) => type === 'renewed').length >= 3, 'three renewals');
  await client.untilStatus('authenticated');
  expect(client.closes).toEqual([]);
  expect(new Set(statuses(client.snapshots))).toEqual(new Set(['connecting', 'authenticated', 'renewing']));
  expect(endpoint.requests.length).toBeLessThanOrEqual(5);
});

test.each([
  ['token-expired', () => jwt.sign({ sub: 'ada', allowedDocumentNames: ['*'] }, secret, { expiresIn: -60 })],
  ['token-invalid', () => 'not.a.token'],
  ['token-missing', () => ''],
])('%s at connect: a fresh token is tried', async (reason, first) => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const real = createTokenSource(endpoint.url);
  let isFirst = true;
  const token = async (): Promise<string> => {
    if (!isFirst) return real();
    isFirst = false;
    return first();
  };
  const client = keep(server, 'a', Object.assign(token, real));
  client.type('typed meanwhile');
  await untilSynced(client);
  expect(client.refusals).toEqual([reason]);
  expect(client.snapshots.find(({ status }) => status === 'renewing')).toMatchObject({ reason });
  expect(server.text('a')).toBe('typed meanwhile');
});

test('an open connection that expires is recovered on the same socket, with all edits', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 0.7 });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  Object.assign(endpoint, { gate, expiresIn: 60 });
  client.type('before ');
  await untilTrue(() => client.refusals.length === 1, 'it has expired before the next token came');
  expect(client.now()).toMatchObject({ status: 'renewing', reason: 'token-expired', level: 'write' });
  client.type('meanwhile ');
  open();
  await client.untilStatus('authenticated');
  client.type('after');
  await untilTrue(() => server.text('a') === 'before meanwhile after', 'everything has arrived');
  expect(client.refusals).toEqual(['token-expired']);
  expect(endpoint.requests).toHaveLength(2);
  expect(client.provider.configuration.websocketProvider.identifier).toBe(1);
});

test('a revoked token is replaced on the same socket, with all edits', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  await revocations.revoke({ subject: 'ada' });
  client.type('typed at the moment of the revocation');
  await untilTrue(() => client.scopes.length === 2, 'it is accepted again');
  await untilTrue(() => server.text('a') === client.text(), 'the edit has arrived');
  expect(client.refusals).toEqual(['token-revoked']);
  expect(endpoint.requests).toHaveLength(2);
  expect(client.provider.configuration.websocketProvider.identifier).toBe(1);
});

test('a connection that ends again and again comes back each time', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  for (const times of [1, 2, 3]) {
    await revocations.revoke({ subject: 'ada' });
    await untilTrue(() => client.scopes.length === times + 1, 'it is accepted again');
  }
  expect(client.refusals).toEqual(Array(3).fill('token-revoked'));
  expect(endpoint.requests).toHaveLength(4);
});

test('one fresh token is tried, and then no more', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', session: 's', documents: { '*': 'write' } } });
  const stale = signFor({ session: 's' });
  await revocations.revoke({ session: 's' });
  let calls = 0;
  const client = keep(
    server,
    'a',
    createTokenSource(async () => {
      calls += 1;
      return { token: stale, expiresInSeconds: 60 };
    }),
  );
  await client.untilStatus('refused');
  expect(client.now()).toMatchObject({ reason: 'token-revoked', level: undefined });
  expect(client.refusals).toEqual(['token-revoked', 'token-revoked']);
  expect(calls).toBe(2);
  expect(endpoint.requests).toEqual([]);
});

// A renewal that is answered late brings a token from before the revocation, which is refused for the same reason.
test('a token that was on its way already is not the fresh one', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilLevel('write');
  const gate = Promise.withResolvers<void>();
  endpoint.gate = gate.promise;
  await revocations.renew({ subject: 'ada' });
  await untilTrue(() => endpoint.requests.length === 2, 'the renewal is asked for');
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => client.refusals.length === 1, 'the connection ends');
  endpoint.gate = undefined;
  gate.resolve();
  await untilTrue(() => client.refusals.length === 2, 'the late token is refused');
  await client.untilStatus('authenticated');
  expect(client.refusals).toEqual(['token-revoked', 'token-revoked']);
  expect(endpoint.requests).toHaveLength(3);
});

test('document-forbidden is final, until retry()', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { b: 'write' } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  client.type('kept');
  await client.untilStatus('refused');
  expect(client.now()).toMatchObject({ reason: 'document-forbidden', level: undefined });
  expect(endpoint.requests).toHaveLength(1);

  endpoint.grant = { subject: 'ada', documents: { a: 'write' } };
  client.auth.retry();
  expect(client.now().status).toBe('connecting');
  await untilSynced(client);
  expect(client.now()).toMatchObject({ status: 'authenticated', level: 'write' });
  expect(server.text('a')).toBe('kept');
});

test('retry() twice presents one token', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { b: 'write' } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  endpoint.grant = { subject: 'ada', documents: { a: 'write' } };
  client.auth.retry();
  client.auth.retry();
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => server.text('a') === 'hello', 'the edit has arrived');
  expect(endpoint.requests).toHaveLength(2);
  expect(client.scopes).toEqual(['read-write']);
});

test('subject-changed is final, until retry()', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  endpoint.grant = { ...endpoint.grant, subject: 'ben' };
  await revocations.renew({ subject: 'ada' });
  await client.untilStatus('refused');
  expect(client.now().reason).toBe('subject-changed');
  client.auth.retry();
  await client.untilStatus('authenticated');
});

test.each([
  [401, 'signed-out'],
  [403, 'document-forbidden'],
])("the endpoint's %i is final, until retry()", async (status, reason) => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ trouble: { status } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  expect(client.now().reason).toBe(reason);
  expect(endpoint.requests).toHaveLength(1);
  endpoint.trouble = undefined;
  client.auth.retry();
  await untilSynced(client);
  expect(client.now().status).toBe('authenticated');
});

test("a reason of the app's own is final", async () => {
  const { verify } = createTestVerifier();
  const onAuthenticate = async (): Promise<never> => Promise.reject({ reason: 'maintenance' });
  const server = await startServer({ verify }, { onAuthenticate });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  expect(client.now().reason).toBe('maintenance');
});

test('an outage of authorize is retried until it is over', async () => {
  const { verify } = createTestVerifier();
  let isDown = true;
  const authorize = (): AccessLevel => {
    if (isDown) throw new Error('down');
    return 'write';
  };
  const server = await startServer({ verify, authorize });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  client.type('kept');
  await untilTrue(() => client.refusals.length >= 3, 'it was tried three times');
  expect(client.now()).toMatchObject({ status: 'offline', reason: 'auth-unavailable' });
  isDown = false;
  await untilSynced(client);
  expect(server.text('a')).toBe('kept');
  expect(endpoint.requests).toHaveLength(1);
});

test('a document that the server closes without a refusal is opened again', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  server.server.hocuspocus.closeConnections('a');
  await untilTrue(() => client.closes.length === 1, 'it is closed');
  client.type('meanwhile');
  await untilTrue(() => server.text('a') === 'meanwhile', 'the edit has arrived');
  await client.untilStatus('authenticated');
  expect(client.now().reason).toBeUndefined();
  expect(endpoint.requests).toHaveLength(1);
});

test('when the socket reconnects, the provider authenticates by itself, and once', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  client.provider.configuration.websocketProvider.webSocket?.close();
  await client.untilStatus('offline');
  expect(client.now().level).toBe('write');
  client.type('offline');
  await client.untilStatus('authenticated');
  await untilTrue(() => server.text('a') === 'offline', 'the edit has arrived');
  expect(server.events.filter(({ type }) => type === 'allowed')).toHaveLength(2);
  expect(server.events.filter(({ type }) => type === 'renewed')).toEqual([]);
  expect(endpoint.requests).toHaveLength(1);
});

test('what is refused stays refused while the socket comes and goes', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ trouble: { status: 401 } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  const known = client.snapshots.length;
  client.provider.configuration.websocketProvider.webSocket?.close();
  await untilTrue(() => endpoint.requests.length === 2, 'the provider has tried again by itself');
  endpoint.trouble = undefined;
  client.provider.configuration.websocketProvider.webSocket?.close();
  await untilSynced(client);
  await client.untilStatus('authenticated');
  expect(new Set(statuses(client.snapshots.slice(known)))).toEqual(new Set(['authenticated']));
});

test('retry() without a socket waits for one', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { b: 'write' } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  endpoint.grant = { subject: 'ada', documents: { a: 'write' } };
  client.provider.configuration.websocketProvider.disconnect();
  await untilTrue(
    () => `${client.provider.configuration.websocketProvider.status}` === 'disconnected',
    'the socket is closed',
  );
  client.auth.retry();
  expect(client.now().status).toBe('offline');
  await client.provider.configuration.websocketProvider.connect();
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => server.text('a') === 'hello', 'the edit has arrived');
  expect(server.events.filter(({ type }) => type === 'allowed')).toHaveLength(1);
  expect(server.events.filter(({ type }) => type === 'renewed')).toEqual([]);
});

test('a provider that is taken over does not present again what was just refused', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  tokens.clear();
  const first = keep(server, 'a', tokens);
  await untilSynced(first);
  first.auth.stop();
  const second = keepAuthenticated(first.provider, tokens);
  onTestFinished(() => second.stop());
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => first.scopes.length === 2, 'it is authenticated again');
  expect(first.refusals).toEqual(['token-revoked']);
  expect(endpoint.requests).toHaveLength(2);
});

test('a provider that is authenticated already is taken over as it is', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 2 });
  const tokens = createTokenSource(endpoint.url);
  const first = keep(server, 'a', tokens);
  await untilSynced(first);
  first.auth.stop();
  const second = keepAuthenticated(first.provider, tokens);
  expect(second.getSnapshot()).toMatchObject({ status: 'authenticated', level: 'write' });
  const snapshots: Snapshot[] = [];
  second.subscribe(() => snapshots.push(second.getSnapshot()));
  await untilTrue(() => statuses(snapshots).includes('authenticated'), 'it is renewed');
  expect([...new Set(statuses(snapshots))]).toEqual(['renewing', 'authenticated']);
  second.stop();
});
