import { type Extension, MessageType } from '@hocuspocus/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { AuthEvent } from '../../src/hocuspocus.ts';
import type { AccessLevel } from '../../src/index.ts';
import { connect, openSocket, startServer, type TestServer, untilSynced } from '../support/collaboration.ts';
import { authFrame, RawClient, rawFrame, statelessFrame, syncStep1Frame, updateFrame } from '../support/raw-client.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

/*
 * Where connections that were checked once go on afterwards: one test for each weakness that the tests beside the code
 * (test/hocuspocus) do not show.
 */

/** A place where a hook waits until the test lets it go on. */
function createGate(): { arrived: Promise<void>; open(): void; wait(): Promise<void> } {
  const arrival = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  return {
    arrived: arrival.promise,
    open: gate.resolve,
    wait: () => {
      arrival.resolve();
      return gate.promise;
    },
  };
}

/** Hocuspocus prints what a hook throws while it handles a message. */
function silence(): void {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
}

function openCount(server: TestServer): number {
  return [...server.auth.connections()].length;
}

/** An edit that appends to the text of the document. */
function edit(text: string): Uint8Array {
  const document = new Y.Doc();
  document.getText('body').insert(0, text);
  return Y.encodeStateAsUpdate(document);
}

test.each<[string, (wait: () => Promise<void>) => Extension, Uint8Array]>([
  ['beforeHandleMessage', (wait) => ({ beforeHandleMessage: wait }), syncStep1Frame('a')],
  ['beforeSync', (wait) => ({ beforeSync: wait }), syncStep1Frame('a')],
  ['beforeHandleMessage', (wait) => ({ beforeHandleMessage: wait }), statelessFrame('a', 'late')],
  ['beforeHandleMessage', (wait) => ({ beforeHandleMessage: wait }), updateFrame('a', edit('late'))],
  ['beforeSync', (wait) => ({ beforeSync: wait }), updateFrame('a', edit('late'))],
])('what the %s of another extension holds back is not handled after the end (%#)', async (_, createSlow, frame) => {
  // close() drops nothing: a document would be sent, a hook called, and an edit applied, for somebody without access.
  silence();
  const { verify, revocations } = createTestVerifier();
  const gate = createGate();
  const heard: string[] = [];
  const hooks: Extension = { onStateless: async ({ payload }) => void heard.push(payload) };
  let isSlow = false;
  const server = await startServer(
    { verify },
    { extensions: [createSlow(async () => (isSlow ? gate.wait() : undefined)), hooks] },
  );
  const ada = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  await untilTrue(() => openCount(server) === 1, 'she is there');
  const answers = ada.count('a', MessageType.Sync);
  isSlow = true;
  ada.send(frame);
  ada.send(syncStep1Frame('a'));
  await gate.arrived;
  await revocations.revoke({ subject: 'ada' });
  isSlow = false;
  gate.open();
  // Her next connection answers on the same socket: whatever there was to say before has been said.
  await ada.enter('a', signFor());
  ada.send(syncStep1Frame('a'));
  ada.send(updateFrame('a', new Uint8Array([0, 0])));
  await untilTrue(() => ada.count('a', MessageType.SyncStatus) > 0, 'the next connection is answered');
  expect(ada.count('a', MessageType.Sync)).toBe(answers + 2);
  expect(heard).toEqual([]);
  expect(server.text('a')).toBe('');
  expect(ada.refusals('a')).toEqual(['token-revoked']);
});

test('of two comments that come at once the second is judged when the first is applied', async () => {
  // Both are comments by themselves. Where the first has put a mark into the body, the second would continue it with text.
  const { verify } = createTestVerifier();
  const server = await startServer({ verify, comments: { types: ['comments'], marks: ['comment'] } });
  const ada = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  ada.send(updateFrame('a', edit('a contract')));
  await untilTrue(() => server.text('a') === 'a contract', 'the text is there');
  const known = server.server.hocuspocus.documents.get('a') ?? new Y.Doc();
  const commentBy = (comment: (document: Y.Doc) => void): Uint8Array => {
    const document = new Y.Doc();
    Y.applyUpdate(document, Y.encodeStateAsUpdate(known));
    document.clientID = 77;
    comment(document);
    return Y.encodeStateAsUpdate(document, Y.encodeStateVector(known));
  };
  const mark = commentBy((document) => document.getText('body').format(0, 10, { comment: 'thread-1' }));
  const thread = commentBy((document) => document.getText('comments').insert(0, 'why? for nothing'));
  const cleo = await RawClient.open(server.url);
  const token = signFor({ subject: 'cleo', documents: { a: 'comment' } });
  await cleo.enter('a\0one', token);
  await cleo.enter('a\0two', token);
  await untilTrue(() => openCount(server) === 3, 'everybody is there');
  // In one piece, so that both are read before either is handled.
  cleo.send(updateFrame('a\0one', mark));
  cleo.send(updateFrame('a\0two', thread));
  const answers = () => cleo.count('a\0one', MessageType.SyncStatus) + cleo.count('a\0two', MessageType.SyncStatus);
  await untilTrue(() => answers() === 2, 'both are answered');
  expect(server.text('a')).toBe('a contract');
  expect(server.events.at(-1)).toMatchObject({ type: 'write-rejected', subject: 'cleo' });
});

test('an afterHandleMessage of another extension that fails does not stop the edits of a document', async () => {
  silence();
  const { verify } = createTestVerifier();
  const failing: Extension = { priority: 3_000, afterHandleMessage: () => Promise.reject(new Error('not mine')) };
  const server = await startServer({ verify, comments: { types: ['comments'] } }, { extensions: [failing] });
  const [ada, ben] = [connect(server, 'a', signFor()), connect(server, 'a', signFor({ subject: 'ben' }))];
  await Promise.all([untilSynced(ada), untilSynced(ben)]);
  ada.type('first');
  await untilTrue(() => ben.text() === 'first', 'the first edit arrives');
  ben.type(', second');
  await untilTrue(() => ada.text() === 'first, second', 'the second edit arrives');
  expect(server.text('a')).toBe('first, second');
});

test('a connection that enters after it was let go of is closed, not forgotten', async () => {
  // An onAuthenticate behind ours, from an extension that was added later: nobody would watch what enters then.
  silence();
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const gate = createGate();
  server.server.hocuspocus.configuration.extensions.push({ onAuthenticate: gate.wait });
  const client = connect(server, 'a', signFor());
  await gate.arrived;
  await new Promise((resolve) => setTimeout(resolve, 20));
  gate.open();
  await untilTrue(() => client.closes.length > 0, 'it is closed');
  expect(client.closes).toEqual(['auth-unavailable']);
  client.type('x');
  await untilTrue(() => openCount(server) === 0, 'nobody is there');
});

test('a server that is configured once more still asks us last', async () => {
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const gate = createGate();
  server.server.hocuspocus.configure({ onAuthenticate: gate.wait });
  const client = connect(server, 'a', signFor());
  await gate.arrived;
  await revocations.revoke({ subject: 'ada' });
  gate.open();
  await untilTrue(() => client.refusals.length > 0, 'it is refused');
  expect(client.refusals).toEqual(['token-revoked']);
});

test('one server that is destroyed does not leave those of another unwatched', async () => {
  const { verify, revocations } = createTestVerifier();
  const first = await startServer({ verify });
  const second = await startServer({ verify }, { extensions: [first.auth] });
  await second.server.destroy();
  const client = connect(first, 'a', signFor());
  await untilSynced(client);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => client.closes.length > 0, 'it is closed');
  expect(client.closes).toEqual(['token-revoked']);
});

test('a listener that throws when a connection closes does not keep others from being revoked', async () => {
  const warnings = collectWarnings();
  const { verify, revocations } = createTestVerifier();
  let isFirst = true;
  const hooks: Extension = {
    connected: async ({ connection }) => {
      if (!isFirst) return;
      isFirst = false;
      connection.onClose(() => {
        throw new Error('the listener failed');
      });
    },
  };
  const server = await startServer({ verify }, { extensions: [hooks] });
  const first = connect(server, 'a', signFor());
  await untilSynced(first);
  const second = connect(server, 'a', signFor());
  await untilSynced(second);
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => second.closes.length > 0, 'the other is closed');
  expect(first.refusals).toEqual(['token-revoked']);
  expect(server.server.hocuspocus.documents.get('a')?.getConnectionsCount() ?? 0).toBe(0);
  await untilTrue(() => warnings.some((text) => text.includes('the listener failed')), 'a warning is emitted');
});

test('an onEvent whose promise rejects does not end the process', async () => {
  // Node ends a process for that: an audit log that is out would take all documents with it.
  const warnings = collectWarnings();
  const { verify } = createTestVerifier();
  const onEvent = async (_: AuthEvent) => {
    throw new Error('the database is full');
  };
  const server = await startServer({ verify, onEvent });
  await untilSynced(connect(server, 'a', signFor()));
  await untilTrue(() => warnings.some((text) => text.includes('the database is full')), 'a warning is emitted');
});

test('of two tokens that overlap the later one decides, whatever becomes of the earlier', async () => {
  // onTokenSync is not awaited before later messages, so a slow check may end after a quick one.
  for (const outcome of ['read', 'write', 'fails'] as const) {
    const { verify } = createTestVerifier();
    const gate = createGate();
    const answers: (AccessLevel | Promise<AccessLevel>)[] = ['write'];
    const server = await startServer({ verify, authorize: () => answers.shift() ?? 'write' });
    const client = connect(server, 'a', () => signFor());
    await untilSynced(client);
    answers.push(
      gate.wait().then(() => (outcome === 'fails' ? Promise.reject(new Error('out')) : outcome)),
      'read',
    );
    await client.provider.sendToken();
    await gate.arrived;
    await client.provider.sendToken();
    await untilTrue(() => client.scopes.length === 2, 'the later token is accepted');
    gate.open();
    answers.push('read');
    await client.provider.sendToken();
    await untilTrue(() => client.scopes.length === 3, 'the connection goes on');
    expect(client.scopes).toEqual(['read-write', 'readonly', 'readonly']);
    expect(client.closes).toEqual([]);
  }
});

test.each([
  ['is accepted', 'write' as const],
  ['fails', undefined],
])('a renewal that %s after the connection was closed says nothing to the next one', async (_, level) => {
  // Both have the same address: the next connection would believe that it was refused, or that it was let in.
  const { verify } = createTestVerifier();
  const gate = createGate();
  const answers: (AccessLevel | Promise<AccessLevel | undefined>)[] = ['write', gate.wait().then(() => level), 'write'];
  const server = await startServer({ verify, authorize: () => answers.shift() ?? 'write' });
  const ada = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  ada.send(authFrame('a', signFor()));
  ada.send(rawFrame('a', MessageType.CLOSE));
  await untilTrue(() => ada.closes('a').length > 0, 'the first connection is closed');
  await ada.enter('a', signFor());
  gate.open();
  ada.send(updateFrame('a', edit('here')));
  await untilTrue(() => server.text('a') === 'here', 'the next connection is open');
  expect(ada.refusals('a')).toEqual([]);
  expect(ada.scopes('a')).toHaveLength(2);
  expect(server.events.map(({ type }) => type)).toEqual(['allowed', 'allowed']);
});

test('rights that are lowered after the connection was closed say nothing to the next one', async () => {
  const { verify, revocations } = createTestVerifier();
  const gate = createGate();
  const answers: (AccessLevel | Promise<AccessLevel>)[] = ['write', gate.wait().then(() => 'read' as const), 'write'];
  const server = await startServer({ verify, authorize: () => answers.shift() ?? 'write' });
  const ada = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  await untilTrue(() => openCount(server) === 1, 'she is there');
  await revocations.renew({ subject: 'ada' });
  await gate.arrived;
  ada.send(rawFrame('a', MessageType.CLOSE));
  await untilTrue(() => ada.closes('a').length > 0, 'the first connection is closed');
  await ada.enter('a', signFor());
  gate.open();
  ada.send(updateFrame('a', edit('here')));
  await untilTrue(() => server.text('a') === 'here', 'the next connection may write');
  expect(ada.scopes('a')).toEqual(['read-write', 'read-write']);
});

test('a flood of good tokens on one connection does not flood the database of the app', async () => {
  // Refusals are limited; what is accepted would be as many calls of authorize as a client can send frames.
  const { verify } = createTestVerifier();
  const gate = createGate();
  let asked = 0;
  const authorize = async () => {
    asked += 1;
    if (asked > 1) await gate.wait();
    return 'write' as const;
  };
  const server = await startServer({ verify, authorize });
  const ada = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  await untilTrue(() => openCount(server) === 1, 'she is there');
  const token = signFor();
  for (let i = 0; i < 1_000; i += 1) ada.send(authFrame('a', token));
  await untilTrue(() => ada.closes('a').length > 0, 'it is closed');
  expect(ada.refusals('a')).toEqual(['rate-limited']);
  // To get in, ten, and once more on what came after the end.
  expect(asked).toBeLessThanOrEqual(12);
  gate.open();
  await untilTrue(() => ada.scopes('a').length > 1, 'the rest of the flood is handled');
  await ada.enter('b', token);
});

test('a second token while the first is being looked at is a renewal, with all its rules', async () => {
  // Hocuspocus queues it, and takes it for a token sync once the first was accepted.
  const { verify } = createTestVerifier();
  const gate = createGate();
  const server = await startServer({ verify, authorize: () => gate.wait().then(() => 'write' as const) });
  const page = await RawClient.open(server.url);
  page.send(authFrame('a', signFor()));
  page.send(authFrame('a', signFor({ subject: 'ben' })));
  await gate.arrived;
  gate.open();
  await untilTrue(() => page.closes('a').length > 0, 'it is closed');
  expect(page.refusals('a')).toEqual(['subject-changed']);
  expect(page.scopes('a')).toHaveLength(1);
});

test('what somebody else made read-only meanwhile stays so after a renewal, and is theirs to lift', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  const [connection] = server.server.hocuspocus.documents.get('a')?.getConnections() ?? [];
  if (connection === undefined) throw new Error('Nobody is there');
  connection.readOnly = true;
  await client.provider.sendToken();
  await untilTrue(() => client.scopes.length === 2, 'the renewal is acknowledged');
  expect(client.scopes).toEqual(['read-write', 'readonly']);
  client.type('x');
  await untilTrue(() => client.acknowledged.includes(false), 'the edit is refused');
  connection.readOnly = false;
  client.provider.forceSync();
  await untilTrue(() => server.text('a') === 'x', 'the edit arrives');
});

test('a refused renewal prints nothing', async () => {
  // A throw in onTokenSync would be printed, and a flood of bad tokens would flood the log.
  const log = vi.spyOn(console, 'error');
  onTestFinished(() => log.mockRestore());
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  for (const token of ['', 'nonsense', signFor({ subject: 'ben' }), signFor({ documents: {} })]) {
    const ada = await RawClient.open(server.url);
    await ada.enter('a', signFor());
    ada.send(authFrame('a', token));
    await untilTrue(() => ada.closes('a').length > 0, 'it is closed');
  }
  expect(log).not.toHaveBeenCalled();
});

test.each([
  ['throws', () => Promise.reject(new Error('out'))],
  ['answers nonsense', () => JSON.parse('{"level":"write"}')],
  ['answers null', () => JSON.parse('null')],
])('an authorize that %s at a renewal ends the connection', async (_, fail) => {
  const { verify } = createTestVerifier();
  let isOut = false;
  const server = await startServer({ verify, authorize: () => (isOut ? fail() : 'write') });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  isOut = true;
  await client.provider.sendToken();
  await untilTrue(() => client.closes.length > 0, 'it is closed');
  expect(client.closes).toEqual(['auth-unavailable']);
});

test('an authorize that never answers refuses after 10 seconds, at connect and at renewal', async () => {
  const { verify } = createTestVerifier();
  const allAsked = Promise.withResolvers<void>();
  let asked = 0;
  const authorize = () => {
    asked += 1;
    if (asked === 3) allAsked.resolve();
    return asked === 1 ? ('write' as const) : new Promise<AccessLevel>(() => {});
  };
  const server = await startServer({ verify, authorize });
  const page = await RawClient.open(server.url);
  await page.enter('a', signFor());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  page.send(authFrame('a', signFor()));
  page.send(authFrame('b', signFor()));
  await allAsked.promise;
  vi.advanceTimersByTime(9_999);
  await new Promise(setImmediate);
  expect([...page.refusals('a'), ...page.refusals('b')]).toEqual([]);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await untilTrue(() => page.closes('a').length + page.refusals('b').length === 2, 'both are refused');
  expect([page.refusals('a'), page.refusals('b')]).toEqual([['auth-unavailable'], ['auth-unavailable']]);
});

test('each session of a document on one socket has its own person, level and end', async () => {
  // One socket carries `a` many times, under `a\0id`: nothing may be keyed by socket and name.
  const { verify, revocations } = createTestVerifier();
  const server = await startServer({ verify });
  const socket = openSocket(server.url);
  const ada = connect(socket, 'a', signFor(), { sessionAwareness: true });
  const ben = connect(socket, 'a', signFor({ subject: 'ben', documents: { a: 'read' } }), { sessionAwareness: true });
  const cleo = connect(socket, 'a', signFor({ subject: 'cleo' }), { sessionAwareness: true });
  await Promise.all([untilSynced(ada), untilSynced(ben), untilSynced(cleo)]);
  ada.type('ada ');
  ben.type('ben ');
  await untilTrue(() => ben.acknowledged.includes(false), 'the reader is refused');
  await revocations.revoke({ subject: 'ada' });
  await untilTrue(() => ada.closes.length > 0, 'one is closed');
  cleo.type('cleo');
  await untilTrue(() => ben.text().includes('cleo'), 'the others go on');
  expect(server.text('a')).not.toContain('ben');
  expect(ada.text()).toBe('ada ');
  expect(ben.closes.concat(cleo.closes)).toEqual([]);
});

test('a token of 20 MB neither blocks the server nor is printed', async () => {
  // Parsed as JSON before its signature is looked at, 27 MB stopped everybody for 1.3 seconds.
  const log = vi.spyOn(console, 'error');
  onTestFinished(() => log.mockRestore());
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const socket = await RawClient.open(server.url);
  const [header = ''] = signFor().split('.');
  socket.send(authFrame('a', `${header}.${'e30'.repeat(7_000_000)}.c2lnbmF0dXJl`));
  await untilTrue(() => socket.refusals('a').length > 0, 'it is refused', 20);
  expect(socket.refusals('a')).toEqual(['token-invalid']);
  expect(log).not.toHaveBeenCalled();
});
