import { expect, test } from 'vitest';
import { startServer } from '../support/collaboration.ts';
import { type FarClient, startFarClient } from '../support/far-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const TEN_MINUTES = 600_000;

const untilAuthenticated = (client: FarClient): Promise<void> =>
  untilTrue(() => client.snapshots.at(-1)?.status === 'authenticated', 'it is authenticated');

test.each([
  ['behind', -TEN_MINUTES],
  ['ahead', TEN_MINUTES],
])('a clock that is 10 minutes %s changes nothing', async (_, clockOffsetMs) => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 1 });
  const client = startFarClient(server, 'a', endpoint, { clockOffsetMs });
  await untilTrue(() => server.events.filter(({ type }) => type === 'renewed').length >= 3, 'three renewals');
  client.type('hello');
  await untilTrue(() => server.text('a') === 'hello', 'the edit has arrived');
  expect(client.snapshots.map(({ status }) => status)).not.toContain('refused');
  expect(server.events.map(({ type }) => type)).not.toContain('expired');
  expect(endpoint.requests.length).toBeLessThanOrEqual(6);
  const secondsLeft = client.snapshots.flatMap((snapshot) => snapshot.secondsLeft ?? []);
  expect(Math.max(...secondsLeft)).toBeLessThanOrEqual(1);
  expect(Math.min(...secondsLeft)).toBeGreaterThan(-1);
});

test('a laptop that slept past expiry, and then types', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ expiresIn: 1.5 });
  const client = startFarClient(server, 'a', endpoint);
  await untilAuthenticated(client);
  client.sleep();
  await untilTrue(() => server.events.some(({ type }) => type === 'expired'), 'the connection has expired');
  expect([...server.auth.connections()]).toEqual([]);
  endpoint.expiresIn = 60;
  client.type('good morning');
  client.wake();
  await untilTrue(() => server.text('a') === 'good morning', 'the edit has arrived');
  await untilAuthenticated(client);
  expect(endpoint.requests.length).toBeLessThanOrEqual(3);
});
