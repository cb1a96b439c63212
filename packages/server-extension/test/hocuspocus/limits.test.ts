import { expect, test } from 'vitest';
import { connect, openSocket, startServer, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const { verify: realVerify } = createTestVerifier();

/** Counts how often a token was looked at. */
function createCountingVerify() {
  let count = 0;
  const verify = Object.assign((token: string) => {
    count += 1;
    return realVerify(token);
  }, realVerify.revocations && { revocations: realVerify.revocations });
  return { verify, count: () => count };
}

test('20 open connections of a document on a socket, and no more; limits.connectionsPerDocument decides', async () => {
  for (const [limits, expected] of [
    [undefined, 20],
    [{ connectionsPerDocument: 3 }, 3],
  ] as const) {
    const server = await startServer({ verify: realVerify, limits });
    const socket = openSocket(server.url);
    const token = signFor();
    const clients = Array.from({ length: expected + 1 }, () => connect(socket, 'a', token, { sessionAwareness: true }));
    await untilTrue(
      () => clients.every(({ scopes, refusals }) => scopes.length + refusals.length > 0),
      'all are answered',
    );
    expect(clients.flatMap(({ refusals }) => refusals)).toEqual(['rate-limited']);
    await untilTrue(() => [...server.auth.connections()].length === expected, 'the others are open');
    // Another document, and another socket, have their own.
    await untilSynced(connect(socket, 'b', token));
    await untilSynced(connect(server, 'a', token));
  }
});

test('a place is free again once a connection is closed', async () => {
  const server = await startServer({ verify: realVerify, limits: { connectionsPerDocument: 1 } });
  const socket = openSocket(server.url);
  const first = connect(socket, 'a', signFor(), { sessionAwareness: true });
  await untilSynced(first);
  first.provider.detach();
  await untilTrue(() => [...server.auth.connections()].length === 0, 'the first is gone');
  await untilSynced(connect(socket, 'a', signFor(), { sessionAwareness: true }));
});

test('30 refusals a minute on a socket, then nothing is verified any more; limits.refusalsPerMinute decides', async () => {
  for (const [limits, expected] of [
    [undefined, 30],
    [{ refusalsPerMinute: 2 }, 2],
  ] as const) {
    const { verify, count } = createCountingVerify();
    const server = await startServer({ verify, limits });
    const socket = openSocket(server.url);
    const client = connect(socket, 'a', 'nonsense');
    for (let i = 1; i <= expected + 5; i += 1) {
      await untilTrue(() => client.refusals.length >= i, 'it is refused');
      await client.provider.sendToken();
    }
    expect(client.refusals.slice(0, expected)).toEqual(Array.from({ length: expected }, () => 'token-invalid'));
    expect(new Set(client.refusals.slice(expected))).toEqual(new Set(['rate-limited']));
    expect(count()).toBe(expected);
    // One event for the excess, however much of it there is.
    expect(server.events.filter(({ reason }) => reason === 'rate-limited')).toHaveLength(1);
    // Another socket is another person.
    await untilSynced(connect(server, 'a', signFor()));
  }
});

test('a page of many documents with one expired token is not punished', async () => {
  const server = await startServer({ verify: realVerify, limits: { refusalsPerMinute: 1 } });
  const socket = openSocket(server.url);
  const expired = signFor({}, 0.001);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const clients = Array.from({ length: 5 }, (_, i) => connect(socket, `doc-${i}`, expired));
  await untilTrue(() => clients.every(({ refusals }) => refusals.length > 0), 'all are refused');
  expect(new Set(clients.flatMap(({ refusals }) => refusals))).toEqual(new Set(['token-expired']));
  await untilSynced(connect(socket, 'other', signFor()));
});
