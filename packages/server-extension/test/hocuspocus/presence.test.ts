import { IncomingMessage, MessageReceiver, OutgoingMessage } from '@hocuspocus/server';
import { expect, onTestFinished, test } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Claims } from '../../src/index.ts';
import { connect, openSocket, startServer, type TestClient, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, signAnonymous, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const { verify } = createTestVerifier();

/** An awareness update that says whatever it likes. */
function forge(clientId: number, clock: number, state: unknown): { awareness: Awareness; clients: number[] } {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState(null);
  awareness.meta.set(clientId, { clock, lastUpdated: Date.now() });
  awareness.states.set(clientId, JSON.parse(JSON.stringify(state)));
  awareness.destroy = () => {};
  return { awareness, clients: [clientId] };
}

/** Sends it as the provider would. */
function sendForged(client: TestClient, clientId: number, clock: number, state: unknown): void {
  const { awareness, clients } = forge(clientId, clock, state);
  const message = new OutgoingMessage(client.provider.effectiveName).createAwarenessUpdateMessage(awareness, clients);
  client.provider.configuration.websocketProvider.send(message.toUint8Array());
}

function userOf(client: TestClient, clientId: number): unknown {
  return client.provider.awareness?.getStates().get(clientId)?.user;
}

async function twoPeople(options: object = {}, tokens: { ada?: string; ben?: string } = {}) {
  const server = await startServer({ verify, ...options });
  const ada = connect(server, 'a', tokens.ada ?? signFor({ name: 'Ada' }));
  const ben = connect(server, 'a', tokens.ben ?? signFor({ subject: 'ben', name: 'Ben' }));
  await Promise.all([untilSynced(ada), untilSynced(ben)]);
  return { server, ada, ben };
}

test('the user field comes from the token, with the colours that the client chose', async () => {
  const { ada, ben } = await twoPeople();
  ben.provider.setAwarenessField('user', {
    name: 'Ada',
    id: 'ada',
    color: '#ff0000',
    colorLight: 'hsl(0 100% 50% / 20%)',
  });
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'the state arrives');
  expect(userOf(ada, ben.document.clientID)).toEqual({
    id: 'ben',
    name: 'Ben',
    color: '#ff0000',
    colorLight: 'hsl(0 100% 50% / 20%)',
  });
});

test('a colour that would close the style attribute is dropped', async () => {
  const { ada, ben } = await twoPeople();
  ben.provider.setAwarenessField('user', { color: 'red; background: url(//evil.example)' });
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'the state arrives');
  expect(userOf(ada, ben.document.clientID)).toEqual({ id: 'ben', name: 'Ben' });
});

test('a reader appears under their own name, too', async () => {
  const { ada, ben } = await twoPeople({}, { ben: signFor({ subject: 'ben', name: 'Ben', documents: { a: 'read' } }) });
  ben.provider.setAwarenessField('user', { name: 'Ada' });
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'the state arrives');
  expect(userOf(ada, ben.document.clientID)).toEqual({ id: 'ben', name: 'Ben' });
});

test('a function decides what others see, but not who it is', async () => {
  const presence = ({ subject }: Claims) => ({ id: 'somebody', initials: subject?.slice(0, 1) });
  const { ada, ben } = await twoPeople({ presence });
  ben.provider.setAwarenessField('user', { name: 'Ada', color: '#00ff00' });
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'the state arrives');
  expect(userOf(ada, ben.document.clientID)).toEqual({ id: 'ben', initials: 'b', color: '#00ff00' });
});

test('a function that throws shows nothing, and the connection lives', async () => {
  const warnings: string[] = [];
  const listen = ({ message }: Error) => void warnings.push(message);
  process.on('warning', listen);
  onTestFinished(() => void process.off('warning', listen));
  const presence = () => {
    throw new Error('no such team');
  };
  const { server, ben } = await twoPeople({ presence });
  ben.provider.setAwarenessField('user', { name: 'Ada' });
  ben.type('still here');
  await untilTrue(() => server.text('a') === 'still here', 'the edit arrives');
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  await untilTrue(() => warnings.length > 0, 'a warning is emitted');
  expect(warnings).toEqual(['hocuspass: presence threw: Error: no such team']);
  expect(server.server.hocuspocus.documents.get('a')?.awareness.getStates().size).toBe(0);
  expect(ben.closes).toEqual([]);
});

test('presence: false leaves the field to clients, and still protects client ids', async () => {
  const { server, ada, ben } = await twoPeople({ presence: false });
  ben.provider.setAwarenessField('user', { name: 'anybody' });
  ada.provider.setAwarenessField('user', { name: 'Ada' });
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'the state arrives');
  expect(userOf(ada, ben.document.clientID)).toEqual({ name: 'anybody' });
  await untilTrue(() => userOf(ben, ada.document.clientID) !== undefined, 'the other state arrives');
  sendForged(ben, ada.document.clientID, 1_000, { user: { name: 'forged' } });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  expect(userOf(ben, ada.document.clientID)).toEqual({ name: 'Ada' });
});

test('a client id of another subject can be neither overwritten nor silenced', async () => {
  const { server, ada, ben } = await twoPeople();
  ada.provider.setAwarenessField('caret', 1);
  await untilTrue(() => userOf(ben, ada.document.clientID) !== undefined, 'the state arrives');
  sendForged(ben, ada.document.clientID, 500, { caret: 'forged' });
  sendForged(ben, ada.document.clientID, 2 ** 32 - 1, { caret: 'forged' });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  ada.provider.setAwarenessField('caret', 2);
  await untilTrue(
    () => ben.provider.awareness?.getStates().get(ada.document.clientID)?.caret === 2,
    'the owner is still heard',
  );
  expect(server.events.find(({ type }) => type === 'presence-rejected')).toMatchObject({
    subject: 'ben',
    documentName: 'a',
  });
  ben.type('the connection lives');
  await untilTrue(() => server.text('a') === 'the connection lives', 'the edit arrives');
});

test('an id cannot be silenced by a clock jump before its owner arrives', async () => {
  const server = await startServer({ verify });
  const ben = connect(server, 'a', signFor({ subject: 'ben', name: 'Ben' }));
  await untilSynced(ben);
  const document = new Y.Doc();
  sendForged(ben, document.clientID, 2 ** 32 - 1, { caret: 'forged' });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  const ada = connect(server, 'a', signFor({ name: 'Ada' }), { document });
  await untilSynced(ada);
  ada.provider.setAwarenessField('caret', 1);
  await untilTrue(() => userOf(ben, document.clientID) !== undefined, 'the owner is heard');
  expect(userOf(ben, document.clientID)).toEqual({ id: 'ada', name: 'Ada' });
});

test('an id whose owner has just left is not for others to take', async () => {
  const { server, ada, ben } = await twoPeople();
  ada.provider.setAwarenessField('caret', 1);
  const id = ada.document.clientID;
  await untilTrue(() => userOf(ben, id) !== undefined, 'the state arrives');
  ada.provider.configuration.websocketProvider.destroy();
  await untilTrue(() => userOf(ben, id) === undefined, 'the owner has left');
  sendForged(ben, id, 10_000, { caret: 'forged' });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  const again = connect(server, 'a', signFor({ name: 'Ada' }), { document: ada.document });
  await untilSynced(again);
  // A new provider counts from 0, as Yjs does: its first states are older than those that are known.
  for (let caret = 2; caret < 10; caret += 1) again.provider.setAwarenessField('caret', caret);
  await untilTrue(() => userOf(ben, id) !== undefined, 'the owner is back');
});

test('who reconnects while the old socket lingers keeps the caret when that ends', async () => {
  const { server, ada, ben } = await twoPeople();
  ada.provider.setAwarenessField('caret', 1);
  const id = ada.document.clientID;
  await untilTrue(() => userOf(ben, id) !== undefined, 'the state arrives');
  const [old] = server.server.hocuspocus.documents.get('a')?.getConnections() ?? [];
  const again = connect(server, 'a', signFor({ name: 'Ada' }), { document: ada.document });
  await untilSynced(again);
  applyAwarenessUpdate(
    again.provider.awareness ?? new Awareness(new Y.Doc()),
    encodeAwarenessUpdate(ada.provider.awareness ?? new Awareness(new Y.Doc()), [id]),
    'copied',
  );
  again.provider.setAwarenessField('caret', 2);
  await untilTrue(() => ben.provider.awareness?.getStates().get(id)?.caret === 2, 'the new connection took over');
  old?.close();
  await untilTrue(() => ada.closes.length > 0, 'the old connection is closed');
  ben.type('x');
  await untilTrue(() => again.text() === 'x', 'time has passed');
  expect(ben.provider.awareness?.getStates().get(id)?.caret).toBe(2);
});

test('a second tab is a second caret of the same person', async () => {
  const { server, ben } = await twoPeople();
  const tab = connect(server, 'a', signFor({ name: 'Ada' }));
  await untilSynced(tab);
  tab.provider.setAwarenessField('caret', 1);
  await untilTrue(() => userOf(ben, tab.document.clientID) !== undefined, 'the state arrives');
});

test('eight client ids a connection, and no more; limits.clientIds decides', async () => {
  const { server, ada, ben } = await twoPeople();
  for (let id = 1; id <= 9; id += 1) sendForged(ben, id, 1, { n: id });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  await untilTrue(() => ada.provider.awareness?.getStates().has(7) === true, 'the states arrive');
  const invented = [...(ada.provider.awareness?.getStates().keys() ?? [])].filter((id) => id <= 9);
  expect(invented.length).toBeLessThanOrEqual(8);

  const strict = await twoPeople({ limits: { clientIds: 1 } });
  sendForged(strict.ben, 1, 1, { n: 1 });
  sendForged(strict.ben, 2, 1, { n: 2 });
  await untilTrue(() => strict.server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
});

test('a state over 16 KiB is dropped; limits.presenceBytes decides', async () => {
  const { server, ada, ben } = await twoPeople();
  ben.provider.setAwarenessField('caret', 'x'.repeat(16_384));
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  ben.provider.setAwarenessField('caret', 'x'.repeat(10_000));
  await untilTrue(() => userOf(ada, ben.document.clientID) !== undefined, 'a smaller one arrives');

  const strict = await twoPeople({ limits: { presenceBytes: 100 } });
  strict.ben.provider.setAwarenessField('caret', 'x'.repeat(100));
  await untilTrue(() => strict.server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
});

test.each([
  ['a list', [1]],
  ['a number', 5],
  ['a text', 'x'],
])('a state that is %s is dropped', async (_, state) => {
  const { server, ada, ben } = await twoPeople();
  sendForged(ben, 77, 1, state);
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  expect(ada.provider.awareness?.getStates().has(77)).toBe(false);
});

test('a clientId inside a state does not pass for the real one', async () => {
  const { server, ben } = await twoPeople();
  ben.provider.setAwarenessField('clientId', 4_711);
  const states = server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  await untilTrue(() => states?.has(ben.document.clientID) === true, 'the state arrives');
  expect(states?.get(ben.document.clientID)).not.toHaveProperty('clientId');
});

test('someone without a subject owns an id for as long as the connection lives', async () => {
  const { server, ada, ben } = await twoPeople();
  const anonymous = connect(server, 'a', signAnonymous());
  await untilSynced(anonymous);
  sendForged(anonymous, 42, 1, { n: 1 });
  await untilTrue(() => ada.provider.awareness?.getStates().has(42) === true, 'the state arrives');
  sendForged(ben, 42, 2, { n: 2 });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  anonymous.provider.configuration.websocketProvider.destroy();
  await untilTrue(() => ada.provider.awareness?.getStates().has(42) === false, 'it has left');
  sendForged(ben, 42, 3, { n: 3 });
  await untilTrue(() => ada.provider.awareness?.getStates().get(42)?.n === 3, 'the id is free');
});

test('what another server relays keeps the owner it was stamped with, and cannot speak for others', async () => {
  const { server, ada, ben } = await twoPeople();
  ada.provider.setAwarenessField('caret', 1);
  const id = ada.document.clientID;
  await untilTrue(() => userOf(ben, id) !== undefined, 'the state arrives');
  const document = server.server.hocuspocus.documents.get('a');
  const relay = async (clientId: number, clock: number, state: unknown) => {
    const { awareness, clients } = forge(clientId, clock, state);
    const frame = new OutgoingMessage('a').createAwarenessUpdateMessage(awareness, clients).toUint8Array();
    const message = new IncomingMessage(frame);
    message.readVarString();
    if (document) await new MessageReceiver(message, { source: 'redis' }).apply(document);
  };
  await relay(id, 100, { user: { id: 'mallory' } });
  await relay(99, 1, { user: { id: 'cleo', name: 'Cleo' } });
  await untilTrue(() => userOf(ben, 99) !== undefined, 'the relayed state arrives');
  expect(userOf(ben, 99)).toEqual({ id: 'cleo', name: 'Cleo' });
  expect(userOf(ben, id)).toEqual({ id: 'ada', name: 'Ada' });
  sendForged(ben, 99, 2, { caret: 'forged' });
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  // The person has moved to the other server: the end of the old connection must not remove the caret.
  await relay(id, 101, { user: { id: 'ada', name: 'Ada' }, caret: 3 });
  await untilTrue(() => ben.provider.awareness?.getStates().get(id)?.caret === 3, 'the caret has moved');
  ada.provider.configuration.websocketProvider.destroy();
  await untilTrue(() => [...server.auth.connections()].length === 1, 'the old connection is gone');
  expect(document?.awareness.getStates().has(id)).toBe(true);
});

test('each document on a socket has its own owners', async () => {
  const server = await startServer({ verify });
  const socket = openSocket(server.url);
  const document = new Y.Doc();
  const a = connect(socket, 'a', signFor({ name: 'Ada' }), { document });
  const b = connect(socket, 'b', signFor({ subject: 'ben', name: 'Ben' }), { document });
  await Promise.all([untilSynced(a), untilSynced(b)]);
  a.provider.setAwarenessField('caret', 1);
  b.provider.setAwarenessField('caret', 1);
  const users = (name: string) => server.server.hocuspocus.documents.get(name)?.awareness.getStates();
  await untilTrue(() => users('a')?.has(document.clientID) === true, 'the first arrives');
  await untilTrue(() => users('b')?.has(document.clientID) === true, 'the second arrives');
  expect(users('a')?.get(document.clientID)?.user).toMatchObject({ id: 'ada' });
  expect(users('b')?.get(document.clientID)?.user).toMatchObject({ id: 'ben' });
});
