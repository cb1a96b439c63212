import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import type { AuthEvent } from '../../src/hocuspocus.ts';
import { connect, startServer, untilRefused, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

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

test('the same events are published on diagnostics channels', async () => {
  const heard: unknown[] = [];
  const listen = (event: unknown) => heard.push(event);
  subscribe('hocuspass:allowed', listen);
  onTestFinished(() => void unsubscribe('hocuspass:allowed', listen));
  const server = await startServer({ verify, onEvent: undefined });
  await untilSynced(connect(server, 'a', signFor()));
  expect(heard).toMatchObject([{ type: 'allowed', subject: 'ada' }]);
});

test('an onEvent that throws harms nobody', async () => {
  const warnings: string[] = [];
  const warn = ({ message }: Error) => warnings.push(message);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const onEvent = (_: AuthEvent) => {
    throw new Error('the log is full');
  };
  const server = await startServer({ verify, onEvent });
  await untilSynced(connect(server, 'a', signFor()));
  await untilTrue(() => warnings.some((text) => text.includes('the log is full')), 'a warning is emitted');
});
