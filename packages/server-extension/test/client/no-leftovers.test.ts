import { HocuspocusProvider } from '@hocuspocus/provider';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenSource, keepAuthenticated } from '../../src/client.ts';
import { openSocket, startServer } from '../support/collaboration.ts';
import { type KeptClient, keep } from '../support/kept-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const listenersOf = (provider: HocuspocusProvider): Record<string, number> =>
  Object.fromEntries(Object.entries(provider.callbacks).map(([event, { length }]) => [event, length]));

/** A client that waits for its next attempt, because access cannot be checked. */
async function waitingClient(): Promise<KeptClient> {
  const { verify } = createTestVerifier();
  const authorize = async (): Promise<never> => Promise.reject(new Error('down'));
  const server = await startServer({ verify, authorize });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  // From the third refusal on, waits are long enough to look at.
  await untilTrue(() => client.refusals.length >= 3, 'it waits');
  return client;
}

test('stop() leaves no timer', async () => {
  const client = await waitingClient();
  const before = timers();
  client.auth.stop();
  expect(timers()).toBe(before - 1);
});

test('destroy() of the provider leaves no timer', async () => {
  const client = await waitingClient();
  client.provider.destroy();
  const before = timers();
  client.auth.stop();
  expect(timers()).toBe(before);
});

test('destroy() of the socket leaves no timer', async () => {
  const client = await waitingClient();
  client.provider.configuration.websocketProvider.destroy();
  const before = timers();
  client.auth.stop();
  expect(timers()).toBe(before);
});

test('stop() leaves no listener, and what happens then changes nothing', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const provider = new HocuspocusProvider({ websocketProvider: openSocket(server.url), name: 'a', token: tokens });
  onTestFinished(() => provider.destroy());
  const before = listenersOf(provider);
  const auth = keepAuthenticated(provider, tokens);
  expect(listenersOf(provider)).not.toEqual(before);
  provider.attach();
  await untilTrue(() => auth.getSnapshot().expiresAt !== undefined, 'it is authenticated');
  auth.stop();
  const after = Object.entries(listenersOf(provider)).filter(([event, count]) => count !== (before[event] ?? 0));
  expect(after).toEqual([]);

  const snapshot = auth.getSnapshot();
  const closed = new Promise((resolve) => provider.on('close', resolve));
  await revocations.revoke({ subject: 'ada' });
  await closed;
  expect(auth.getSnapshot()).toBe(snapshot);
  expect(endpoint.requests).toHaveLength(1);
});

test('stop() and destroy() may both be called, in any order, twice', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  client.provider.destroy();
  client.auth.stop();
  client.auth.stop();
  expect(client.provider.callbacks).toEqual({});
});
