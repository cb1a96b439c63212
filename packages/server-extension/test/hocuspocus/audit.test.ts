import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import type { AuthEvent } from '../../src/hocuspocus.ts';
import { createRevocations, createVerifier } from '../../src/index.ts';
import { connect, startServer, untilRefused, untilSynced } from '../support/collaboration.ts';
import { createFlakyStore } from '../support/flaky-store.ts';
import { createTestVerifier, secret, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

const { verify } = createTestVerifier();

test('an event tells who, what, where and when, and never a token', async () => {
  const server = await startServer({ verify });
  const token = signFor({ session: 's1', documents: { a: 'read' } });
  const client = connect(server, 'a', token);
  await untilSynced(client);
  client.type('x');
  await untilTrue(() => server.events.length === 2, 'the edit is reported');
  const [allowed, rejected] = server.events;
  expect(allowed).toMatchObject({ type: 'allowed', documentName: 'a', subject: 'ada', session: 's1', level: 'read' });
  expect(allowed?.at).toBeInstanceOf(Date);
  expect(allowed?.socketId).toBeTypeOf('string');
  expect(allowed?.tokenId).toBeTypeOf('string');
  expect(rejected).toMatchObject({ type: 'write-rejected', documentName: 'a', subject: 'ada', level: 'read' });
  await untilRefused(connect(server, 'b', token));
  expect(server.events.at(-1)).toMatchObject({
    type: 'denied',
    documentName: 'b',
    subject: 'ada',
    session: 's1',
    reason: 'document-forbidden',
  });
  for (const part of token.split('.')) expect(JSON.stringify(server.events)).not.toContain(part);
});

test('syncing without a change is not reported as a rejected write', async () => {
  const server = await startServer({ verify });
  const writer = connect(server, 'a', signFor());
  await untilSynced(writer);
  writer.type('hello');
  await untilTrue(() => server.text('a') === 'hello', 'the edit arrives');
  const reader = connect(server, 'a', signFor({ documents: { a: 'read' } }));
  await untilTrue(() => reader.text() === 'hello', 'the reader sees it');
  reader.provider.forceSync();
  await untilTrue(() => reader.acknowledged.length >= 2, 'it has synced twice');
  expect(server.events.map(({ type }) => type)).toEqual(['allowed', 'allowed']);
});

test('a flood of rejected writes is one event a second', async () => {
  const server = await startServer({ verify });
  const client = connect(server, 'a', signFor({ documents: { a: 'read' } }));
  await untilSynced(client);
  for (let i = 0; i < 50; i += 1) client.type('x');
  await untilTrue(() => client.acknowledged.filter((ok) => !ok).length === 50, 'all are refused');
  expect(server.events.filter(({ type }) => type === 'write-rejected').length).toBeLessThanOrEqual(2);
});

test('every kind of event tells who, where, at which level, over which socket and when; channels tell the same', async () => {
  const types = ['allowed', 'denied', 'renewed', 'level-changed', 'expired', 'revoked', 'write-rejected'] as const;
  const more = ['presence-rejected', 'store-lost', 'store-recovered'] as const;
  const heard = new Map<unknown, string | symbol>();
  const listen = (event: unknown, channel: string | symbol) => heard.set(event, channel);
  for (const type of [...types, ...more]) {
    subscribe(`hocuspass:${type}`, listen);
    onTestFinished(() => void unsubscribe(`hocuspass:${type}`, listen));
  }

  const store = createFlakyStore();
  const revocations = createRevocations({ store });
  const server = await startServer({ verify: createVerifier({ secret, revocations }), limits: { presenceBytes: 100 } });
  let level: 'write' | 'read' = 'write';
  const ada = connect(server, 'a', () => signFor({ session: 's1', documents: { a: level } }));
  await untilSynced(ada);
  level = 'read';
  await ada.provider.sendToken();
  await untilTrue(() => ada.scopes.at(-1) === 'readonly', 'the level is changed');
  ada.type('x');
  ada.provider.setAwarenessField('caret', 'x'.repeat(200));
  const ben = connect(server, 'a', signFor({ subject: 'ben', session: 's2' }, 0.8));
  await untilRefused(connect(server, 'b', signFor({ documents: { a: 'write' } })));
  await untilTrue(() => ben.closes.length > 0, 'a token expires');
  await revocations.revoke({ session: 's1' });
  store.tell('lost');
  store.tell('current');

  const told = (type: AuthEvent['type']) => server.events.filter((event) => event.type === type);
  for (const type of types) {
    expect([type, told(type).length]).not.toEqual([type, 0]);
    for (const event of told(type)) {
      expect(event).toMatchObject({ socketId: expect.stringMatching(/./), tokenId: expect.stringMatching(/./) });
      expect(event.at).toBeInstanceOf(Date);
    }
  }
  const who = { subject: 'ada', session: 's1', documentName: 'a' };
  expect(told('allowed')[0]).toMatchObject({ ...who, level: 'write' });
  expect(told('renewed')[0]).toMatchObject({ ...who, level: 'read' });
  expect(told('level-changed')).toMatchObject([{ ...who, level: 'read', from: 'write' }]);
  expect(told('write-rejected')).toMatchObject([{ ...who, level: 'read' }]);
  expect(told('presence-rejected')).toMatchObject([{ ...who, level: 'read' }]);
  expect(told('revoked')).toMatchObject([{ ...who, level: 'read', reason: 'token-revoked' }]);
  expect(told('expired')).toMatchObject([
    { subject: 'ben', documentName: 'a', level: 'write', reason: 'token-expired' },
  ]);
  expect(told('denied')).toMatchObject([{ subject: 'ada', documentName: 'b', reason: 'document-forbidden' }]);
  expect([told('store-lost').length, told('store-recovered').length]).toEqual([1, 1]);
  expect([...heard]).toEqual(server.events.map((event) => [event, `hocuspass:${event.type}`]));
});

test('channels tell without onEvent, too', async () => {
  const heard: unknown[] = [];
  const listen = (event: unknown) => heard.push(event);
  subscribe('hocuspass:allowed', listen);
  onTestFinished(() => void unsubscribe('hocuspass:allowed', listen));
  const server = await startServer({ verify, onEvent: undefined });
  await untilSynced(connect(server, 'a', signFor()));
  expect(heard).toMatchObject([{ type: 'allowed', subject: 'ada' }]);
});

test.each<[string, unknown, string]>([
  ['an error', new Error('the log is full'), 'Error: the log is full'],
  ['a symbol', Symbol('full'), 'Symbol(full)'],
  ['what has no text', Object.create(null), '{}'],
  ['nothing', undefined, 'undefined'],
])('an onEvent that throws %s, or rejects with it, harms nobody', async (_, thrown, words) => {
  const warnings = collectWarnings();
  const fail = (_: AuthEvent) => {
    throw thrown;
  };
  for (const onEvent of [fail, async (event: AuthEvent) => fail(event)]) {
    const server = await startServer({ verify, onEvent });
    await untilSynced(connect(server, 'a', signFor()));
  }
  await untilTrue(() => warnings.filter((text) => text.includes(words)).length === 2, 'two warnings are emitted');
});
