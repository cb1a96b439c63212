import { expect, onTestFinished, test, vi } from 'vitest';
import { backoffMs } from '../../src/client/backoff.ts';
import { createTokenSource } from '../../src/client.ts';
import { openSocket, startServer, untilSynced } from '../support/collaboration.ts';
import { keep } from '../support/kept-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

test('waits double from up to 1 s to up to 30 s, each of them at random', () => {
  for (const [failures, cap] of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
    const waits = Array.from({ length: 500 }, () => backoffMs(failures));
    expect(Math.max(...waits)).toBeLessThanOrEqual(cap);
    expect(Math.max(...waits)).toBeGreaterThan(cap * 0.9);
    expect(Math.min(...waits)).toBeLessThan(cap * 0.1);
  }
  expect(backoffMs(5_000)).toBeLessThanOrEqual(30_000);
});

test('an endpoint that is out while the connection is open changes nothing until the server ends it', async () => {
  // Waits are random: the fourth may be longer than this test has patience for.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.3);
  onTestFinished(() => random.mockRestore());
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 0.9 });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  endpoint.trouble = { status: 503, headers: { 'Retry-After': '4.5' } };
  await untilTrue(() => endpoint.requests.length === 2, 'a renewal was asked for in vain');
  await client.untilStatus('authenticated');
  client.type('still open, ');
  await untilTrue(() => server.text('a') === 'still open, ', 'the edit has arrived');

  await untilTrue(() => client.refusals.includes('token-expired'), 'the server has ended it');
  await client.untilStatus('offline');
  expect(client.now()).toMatchObject({ reason: 'auth-unavailable', level: 'write' });
  client.type('then closed');
  endpoint.trouble = undefined;
  endpoint.expiresIn = 60;
  await client.untilStatus('authenticated');
  await untilTrue(() => server.text('a') === 'still open, then closed', 'all edits have arrived');
  expect(client.snapshots.map(({ status }) => status)).not.toContain('refused');
});

test('a sign-out while the connection is open shows when the server has ended it', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 1.2 });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  endpoint.trouble = { status: 401 };
  await untilTrue(() => endpoint.requests.length === 2, 'a renewal was asked for in vain');
  await client.untilStatus('authenticated');
  await client.untilStatus('refused');
  expect(client.now()).toMatchObject({ reason: 'signed-out', level: undefined });
  expect(endpoint.requests).toHaveLength(3);
});

test('many documents wait for an endpoint together: no more requests than one would make', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ trouble: { status: 503 } });
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const clients = Array.from({ length: 20 }, (_, i) => keep(socket, `document ${i}`, tokens));
  await untilTrue(() => endpoint.requests.length >= 3, 'three attempts');
  const waits = endpoint.requests.slice(1).map(({ at }, i) => at - (endpoint.requests[i]?.at ?? 0));
  for (const [i, wait] of waits.entries()) expect(wait).toBeLessThan(1_000 * 2 ** i + 300);
  endpoint.trouble = undefined;
  await Promise.all(clients.map(({ untilStatus }) => untilStatus('authenticated')));
  expect(endpoint.issued).toHaveLength(1);
  expect(endpoint.requests).toHaveLength(4);
});

test('rate-limited is tried again later, with the same token', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify, limits: { connectionsPerDocument: 1 } });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const socket = openSocket(server.url);
  const first = keep(socket, 'a', tokens, { sessionAwareness: true });
  await untilSynced(first);
  const second = keep(socket, 'a', tokens, { sessionAwareness: true });
  await second.untilStatus('offline');
  expect(second.now().reason).toBe('rate-limited');
  first.provider.destroy();
  await second.untilStatus('authenticated');
  expect(endpoint.requests).toHaveLength(1);
});

test('an endpoint that hands out tokens nobody accepts is asked twice, not in a loop', async () => {
  const { verify } = createTestVerifier({ issuer: 'somebody else' });
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilStatus('refused');
  expect(client.now().reason).toBe('token-invalid');
  expect(endpoint.requests).toHaveLength(2);
  expect(client.refusals).toEqual(['token-invalid', 'token-invalid']);
});

test('a document that could not be loaded is tried again, though Hocuspocus calls it permission-denied', async () => {
  const { verify } = createTestVerifier();
  let isOut = true;
  const storage = {
    onLoadDocument: async () => {
      if (isOut) throw { reason: undefined };
    },
  };
  const server = await startServer({ verify }, { extensions: [storage] });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  client.type('kept');
  await untilTrue(() => client.refusals.includes('permission-denied'), 'the load has failed');
  await client.untilStatus('offline');
  isOut = false;
  await untilTrue(() => server.text('a') === 'kept', 'the document is loaded, and the edit there');
  expect(client.snapshots.map(({ status }) => status)).not.toContain('refused');
});
