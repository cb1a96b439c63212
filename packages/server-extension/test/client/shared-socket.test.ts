import { HocuspocusProvider } from '@hocuspocus/provider';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenSource, keepAuthenticated } from '../../src/client.ts';
import { openSocket, startServer, untilSynced } from '../support/collaboration.ts';
import { keep } from '../support/kept-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('many documents on one socket come back after a revocation, with all edits and one request', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const clients = NAMES.map((name) => keep(socket, name, tokens));
  await Promise.all(clients.map(untilSynced));
  expect(endpoint.requests).toHaveLength(1);

  await revocations.revoke({ subject: 'ada' });
  for (const client of clients) client.type('typed meanwhile');
  await untilTrue(() => NAMES.every((name) => server.text(name) === 'typed meanwhile'), 'all edits have arrived');
  expect(clients.map(({ refusals }) => refusals)).toEqual(NAMES.map(() => ['token-revoked']));
  expect(endpoint.requests).toHaveLength(2);
  expect(socket.identifier).toBe(1);
});

test('many documents are renewed with few requests', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 1.5 });
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const clients = NAMES.map((name) => keep(socket, name, tokens));
  await Promise.all(clients.map(untilSynced));
  const renewals = () => server.events.filter(({ type }) => type === 'renewed').length;
  await untilTrue(() => renewals() >= 3 * NAMES.length, 'each is renewed three times');
  expect(clients.flatMap(({ closes }) => closes)).toEqual([]);
  expect(endpoint.requests.length).toBeLessThanOrEqual(2 * 4);
});

test('the end of one document leaves the others alone', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: 'write', b: 'write' } } });
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const [first, second] = [keep(socket, 'a', tokens), keep(socket, 'b', tokens)];
  await Promise.all([untilSynced(first), untilSynced(second)]);
  endpoint.grant = { subject: 'ada', documents: { b: 'write' } };
  await revocations.revoke({ document: 'a' });
  await first.untilStatus('refused');
  expect(first.now().reason).toBe('document-forbidden');
  second.type('still here');
  await untilTrue(() => server.text('b') === 'still here', 'the edit has arrived');
  expect(second.refusals).toEqual([]);
  expect(second.now().status).toBe('authenticated');
});

test('one document, opened twice on a socket, is recovered twice', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const clients = [1, 2].map(() => keep(socket, 'a', tokens, { sessionAwareness: true }));
  await Promise.all(clients.map(untilSynced));
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => clients.every(({ scopes }) => scopes.length === 2), 'both are accepted again');
  clients[0]?.type('hello');
  await untilTrue(() => clients[1]?.text() === 'hello', 'the edit has arrived');
});

test('retry() of all documents after a sign-in is one request', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ trouble: { status: 401 } });
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const clients = NAMES.map((name) => keep(socket, name, tokens));
  await Promise.all(clients.map(({ untilStatus }) => untilStatus('refused')));
  expect(endpoint.requests).toHaveLength(1);
  endpoint.trouble = undefined;
  for (const { auth } of clients) auth.retry();
  await Promise.all(clients.map(untilSynced));
  expect(endpoint.requests).toHaveLength(2);
});

test('a provider that is taken away and mounted again at once ends up authenticated', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const client = keep(openSocket(server.url), 'a', tokens);
  await untilSynced(client);
  client.provider.detach();
  client.provider.attach();
  client.type('after remounting');
  await untilTrue(() => server.text('a') === 'after remounting', 'the edit has arrived');
  await client.untilStatus('authenticated');
});

test("an effect that runs twice, as in React's StrictMode, leaves one provider that works", async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const other = keep(socket, 'b', tokens);
  await untilSynced(other);
  const mount = () => {
    const provider = new HocuspocusProvider({ websocketProvider: socket, name: 'a', token: tokens });
    provider.attach();
    return { provider, auth: keepAuthenticated(provider, tokens) };
  };
  const first = mount();
  first.auth.stop();
  first.provider.destroy();
  const { provider, auth } = mount();
  onTestFinished(() => provider.destroy());
  provider.document.getText('body').insert(0, 'typed');
  await untilTrue(() => server.text('a') === 'typed', 'the edit has arrived');
  await untilTrue(() => auth.getSnapshot().status === 'authenticated', 'it is authenticated');
  expect(other.closes).toEqual([]);
});
