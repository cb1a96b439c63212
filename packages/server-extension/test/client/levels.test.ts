import { expect, test } from 'vitest';
import { createTokenSource } from '../../src/client.ts';
import { connect, startServer, untilSynced } from '../support/collaboration.ts';
import { keep } from '../support/kept-client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

test('rights go down and up without a reconnect; refused edits are counted, and arrive in the end', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  const other = connect(server, 'a', () => signFor({ subject: 'ben' }));
  await Promise.all([untilSynced(client), untilSynced(other)]);

  endpoint.grant = { subject: 'ada', documents: { '*': 'read' } };
  await revocations.renew({ subject: 'ada' });
  await client.untilLevel('read');
  client.type('while down, ');
  client.type('twice, ');
  await untilTrue(() => client.now().rejectedChanges === 2, 'both edits are refused');

  endpoint.grant = { subject: 'ada', documents: { '*': 'write' } };
  await revocations.renew({ subject: 'ada' });
  await client.untilLevel('write');
  client.type('and up again');
  await untilTrue(() => other.text() === 'while down, twice, and up again', 'both arrive everywhere');
  await untilTrue(() => client.now().rejectedChanges === 0, 'nothing is refused any more');
  expect(client.closes).toEqual([]);
});

test('a comment connection stays one through renewals', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: 'comment' } }, expiresIn: 0.8 });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilLevel('comment');
  const known = client.snapshots.length;
  await untilTrue(() => server.events.filter(({ type }) => type === 'renewed').length >= 2, 'two renewals');
  expect(new Set(client.snapshots.slice(known).map(({ level }) => level))).toEqual(new Set(['comment']));
});

test('from comment to write and to read', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: 'comment' } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilLevel('comment');
  for (const level of ['write', 'comment', 'read'] as const) {
    endpoint.grant = { subject: 'ada', documents: { a: level } };
    await revocations.renew({ subject: 'ada' });
    await client.untilLevel(level);
  }
  expect(client.closes).toEqual([]);
});

test('an accepted comment does not hide that an edit was refused', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify, comments: { types: ['comments'] } });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: 'comment' } } });
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await client.untilLevel('comment');
  await untilSynced(client);
  const comments = client.document.getMap('comments');
  comments.set('thread', 'a comment');
  await untilSynced(client);
  client.type('not a comment');
  await untilTrue(() => client.now().rejectedChanges === 1, 'the edit is refused');
  const accepted = client.acknowledged.filter(Boolean).length;
  comments.delete('thread');
  await untilTrue(() => client.acknowledged.filter(Boolean).length > accepted, 'the comment is accepted');
  expect(client.now().rejectedChanges).toBe(1);
});

test('edits refused before a lost socket are sent once the level allows writing', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint({ grant: { subject: 'ada', documents: { a: 'read' } } });
  const tokens = createTokenSource(endpoint.url);
  const client = keep(server, 'a', tokens);
  await client.untilLevel('read');
  client.type('kept');
  await untilTrue(() => client.now().rejectedChanges > 0, 'the edit is refused');
  endpoint.grant = { subject: 'ada', documents: { a: 'write' } };
  tokens.clear();
  client.provider.configuration.websocketProvider.webSocket?.close();
  await client.untilStatus('offline');
  await untilTrue(() => server.text('a') === 'kept', 'the edit has arrived');
  await untilTrue(() => client.now().rejectedChanges === 0, 'nothing is refused any more');
});

test('stateless messages of the app are not announcements', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const endpoint = await startTokenEndpoint();
  const client = keep(server, 'a', createTokenSource(endpoint.url));
  await untilSynced(client);
  await untilTrue(() => client.now().expiresAt !== undefined, 'it knows the expiry');
  const before = client.now();
  server.server.hocuspocus.documents.get('a')?.broadcastStateless('{"level":"read"}');
  await untilTrue(() => client.stateless.includes('{"level":"read"}'), 'the message is there');
  expect(client.now()).toBe(before);
});
