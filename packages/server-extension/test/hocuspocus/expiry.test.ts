import { MessageType, OutgoingMessage } from '@hocuspocus/server';
import { expect, test, vi } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { connect, startServer, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, secret, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const { verify } = createTestVerifier();

test('a connection ends with its token: the client is told why, and delivers nothing more', async () => {
  const server = await startServer({ verify });
  const ada = connect(server, 'a', signFor({}, 0.6));
  const ben = connect(server, 'a', signFor({ subject: 'ben' }));
  await Promise.all([untilSynced(ada), untilSynced(ben)]);
  await untilTrue(() => ada.closes.length > 0, 'the connection is closed');
  expect(ada.refusals).toEqual(['token-expired']);
  expect(ada.closes).toEqual(['token-expired']);
  ada.type('too late');
  ben.type('secret');
  await untilTrue(() => server.text('a') === 'secret', 'the other edit arrives');
  expect(ada.text()).toBe('too late');
  expect(server.events.find(({ type }) => type === 'expired')).toMatchObject({
    subject: 'ada',
    documentName: 'a',
    reason: 'token-expired',
  });
});

test('not one write that was queued before the end lands after it', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  // Holds the first edit back, so that the others wait behind it until the token has expired.
  const slow = { beforeSync: ({ type }: { type: number }) => (type === 2 ? gate : Promise.resolve()) };
  const server = await startServer({ verify }, { extensions: [slow] });
  const client = connect(server, 'a', signFor({}, 0.7));
  await untilTrue(() => client.provider.isSynced, 'the provider is synced');
  for (let i = 0; i < 20; i += 1) client.type('x');
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  release();
  await untilTrue(() => [...server.auth.connections()].length === 0, 'the connection is gone');
  expect(server.text('a') ?? '').toBe('');
});

test('grace lets a connection outlive its token by so many seconds', async () => {
  const server = await startServer({ verify, renewal: { grace: 0.5 } });
  const client = connect(server, 'a', signFor({}, 0.3));
  const start = performance.now();
  await untilSynced(client);
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(performance.now() - start).toBeGreaterThan(600);
});

test('a connection that was loading its document when its token expired is closed before it can write', async () => {
  const load = { onLoadDocument: () => new Promise((resolve) => setTimeout(resolve, 400)) };
  const server = await startServer({ verify }, { extensions: [load] });
  const client = connect(server, 'a', signFor({}, 0.2));
  client.type('early');
  await untilTrue(() => client.closes.length > 0 || client.refusals.length > 0, 'the connection is closed');
  expect(client.refusals).toEqual(['token-expired']);
  expect(server.text('a') ?? '').toBe('');
});

test('a connection whose token expires while another hook still thinks about it is refused', async () => {
  const slow = { onAuthenticate: () => new Promise((resolve) => setTimeout(resolve, 300)) };
  const server = await startServer({ verify }, { extensions: [slow] });
  const client = connect(server, 'a', signFor({}, 0.2));
  await untilTrue(() => client.refusals.length > 0, 'the connection is refused');
  expect(client.refusals).toEqual(['token-expired']);
  expect(client.scopes).toEqual([]);
});

test('a slow connected hook of another extension opens no gap', async () => {
  const slow = { priority: 9_000, connected: () => new Promise((resolve) => setTimeout(resolve, 2_000)) };
  const server = await startServer({ verify }, { extensions: [slow] });
  const client = connect(server, 'a', signFor({}, 0.5));
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.closes).toEqual(['token-expired']);
});

test('a token that lives longer than timers can wait does not end at once', async () => {
  const server = await startServer({ verify: createVerifier({ secret, maxTokenAge: '60d' }) });
  const client = connect(server, 'a', signFor({}, 50 * 24 * 3_600));
  await untilSynced(client);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.closes).toEqual([]);
});

test('a client that wakes up past the end, with a fresh token at hand, goes on on the same socket', async () => {
  const server = await startServer({ verify });
  let token = signFor({}, 0.4);
  const client = connect(server, 'a', () => token);
  await untilSynced(client);
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  token = signFor();
  client.type('typed while away');
  await client.provider.sendToken();
  client.provider.startSync();
  await untilTrue(() => server.text('a') === 'typed while away', 'the edit arrives');
  expect(client.closes).toEqual(['token-expired']);
});

test('a message that comes after the end, before a busy process ran the timer, is not handled', async () => {
  const server = await startServer({ verify });
  const client = connect(server, 'a', signFor({}, 0.5));
  await untilSynced(client);
  const [connection] = server.server.hocuspocus.documents.get('a')?.getConnections() ?? [];
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const frame = new OutgoingMessage('a').writeStateless('late').toUint8Array();
  const late: string[] = [];
  connection?.onStatelessCallback(async ({ payload }) => void late.push(payload));
  const end = performance.now() + 600;
  while (performance.now() < end);
  connection?.handleMessage(frame);
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(late).toEqual([]);
  expect(frame[2]).toBe(MessageType.Stateless);
});
