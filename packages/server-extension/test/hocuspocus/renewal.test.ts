import { expect, test } from 'vitest';
import { connect, startServer, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

test('a stock provider is asked for a fresh token at 2/3 of its life, and goes on', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const asked: number[] = [];
  const client = connect(server, 'a', () => {
    asked.push(performance.now());
    return signFor({}, 1.2);
  });
  await untilSynced(client);
  await untilTrue(() => asked.length >= 3, 'two renewals');
  const [first = 0, second = 0] = asked;
  expect(second - first).toBeGreaterThan(1_200 * (2 / 3) * 0.9 - 60);
  expect(second - first).toBeLessThan(1_200);
  expect(client.closes).toEqual([]);
  await untilTrue(() => client.scopes.length >= 3, 'each answer is acknowledged');
  expect(server.events.filter(({ type }) => type === 'renewed')).not.toEqual([]);
});

test('renewal.at decides when', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify, renewal: { at: 0.2 } });
  const asked: number[] = [];
  const client = connect(server, 'a', () => {
    asked.push(performance.now());
    return signFor({}, 2);
  });
  await untilSynced(client);
  await untilTrue(() => asked.length >= 2, 'a renewal');
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeLessThan(700);
});

test('connections that came together are not asked together', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const token = signFor({}, 4);
  const asked: number[] = [];
  const clients = Array.from({ length: 10 }, (_, i) => {
    let isFirst = true;
    return connect(server, `doc-${i}`, () => {
      if (!isFirst) asked.push(performance.now());
      isFirst = false;
      return token;
    });
  });
  await Promise.all(clients.map(untilSynced));
  await untilTrue(() => asked.length === clients.length, 'all are asked');
  // Spread over a tenth of 2/3 of their life: 270 ms.
  expect(Math.max(...asked) - Math.min(...asked)).toBeGreaterThan(60);
});

test('the same token again only arms the end: it is asked for once, not in a loop', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const token = signFor({}, 0.9);
  let asked = 0;
  const client = connect(server, 'a', () => {
    asked += 1;
    return token;
  });
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(asked).toBe(2);
  expect(client.closes).toEqual(['token-expired']);
});

test('a renewal by somebody else is refused', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  let subject = 'ada';
  const client = connect(server, 'a', () => signFor({ subject }));
  await untilSynced(client);
  subject = 'ben';
  await client.provider.sendToken();
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.closes).toEqual(['subject-changed']);
  expect(server.events.at(-1)).toMatchObject({ type: 'denied', reason: 'subject-changed', subject: 'ada' });
});

test.each([
  ['no longer names the document', () => signFor({ documents: { b: 'write' } }), 'document-forbidden'],
  ['is nonsense', () => 'nonsense', 'token-invalid'],
  ['is empty', () => '', 'token-missing'],
])('a renewal with a token that %s ends the connection', async (_, next, reason) => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  let token = signFor();
  const client = connect(server, 'a', () => token);
  await untilSynced(client);
  token = next();
  await client.provider.sendToken();
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.refusals).toEqual([reason]);
});

test('an authorize that fails at a renewal ends the connection, and a warning says why', async () => {
  const warnings = collectWarnings();
  const { verify } = createTestVerifier();
  let isDown = false;
  const authorize = async () => {
    if (isDown) throw new Error('down');
    return 'write' as const;
  };
  const server = await startServer({ verify, authorize });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  isDown = true;
  await client.provider.sendToken();
  await untilTrue(() => client.closes.length > 0, 'the connection is closed');
  expect(client.refusals).toEqual(['auth-unavailable']);
  await untilTrue(() => warnings.length > 0, 'a warning is emitted');
  expect(warnings).toEqual([expect.stringContaining('"authorize" failed (Error: down)')]);
});

test('the context follows a renewal wherever hooks look', async () => {
  const { verify } = createTestVerifier();
  const seen: string[] = [];
  const hooks = {
    beforeHandleMessage: async ({ context }: { context: { user: { name?: string } } }) =>
      void seen.push(`message ${context.user.name}`),
    onChange: async ({ context }: { context: { user: { name?: string } } }) =>
      void seen.push(`change ${context.user.name}`),
  };
  const server = await startServer({ verify }, { extensions: [hooks] });
  let name = 'Ada';
  const client = connect(server, 'a', () => signFor({ name }));
  await untilSynced(client);
  name = 'Ada L.';
  await client.provider.sendToken();
  await untilTrue(() => client.scopes.length === 2, 'the renewal is acknowledged');
  client.type('x');
  await untilTrue(() => seen.includes('change Ada L.'), 'onChange sees the new name');
  expect(seen).toContain('message Ada L.');
});

test('a level moves down and up without a reconnect, and no edit is lost', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  let level: 'read' | 'write' = 'write';
  const ada = connect(server, 'a', () => signFor({ documents: { a: level } }));
  const ben = connect(server, 'a', signFor({ subject: 'ben' }));
  await Promise.all([untilSynced(ada), untilSynced(ben)]);
  ada.type('one ');
  await untilTrue(() => ben.text() === 'one ', 'the first edit arrives');
  level = 'read';
  await ada.provider.sendToken();
  await untilTrue(() => ada.scopes.at(-1) === 'readonly', 'the client is told');
  ada.type('two ');
  await untilTrue(() => ada.acknowledged.includes(false), 'the edit is refused');
  expect(ben.text()).toBe('one ');
  level = 'write';
  await ada.provider.sendToken();
  await untilTrue(() => ada.scopes.at(-1) === 'read-write', 'the client is told');
  ada.type('three');
  await untilTrue(() => ben.text() === 'one two three', 'both edits arrive');
  expect(ada.closes).toEqual([]);
  expect(server.events.filter(({ type }) => type === 'level-changed')).toMatchObject([
    { from: 'write', level: 'read', subject: 'ada', documentName: 'a' },
    { from: 'read', level: 'write', subject: 'ada', documentName: 'a' },
  ]);
});

test('an authorize that answers otherwise moves the level at the next renewal', async () => {
  const { verify } = createTestVerifier();
  let level: 'read' | 'write' = 'write';
  const server = await startServer({ verify, authorize: () => level });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  level = 'read';
  await client.provider.sendToken();
  await untilTrue(() => client.scopes.at(-1) === 'readonly', 'the client is told');
});

test('announce tells clients level and expiry; false keeps quiet', async () => {
  const { verify } = createTestVerifier();
  const server = await startServer({ verify });
  const client = connect(server, 'a', signFor({ documents: { a: 'comment' } }));
  await untilTrue(() => client.stateless.length > 0, 'the announcement');
  const { hocuspass } = JSON.parse(client.stateless[0] ?? '');
  expect(hocuspass.level).toBe('comment');
  expect(hocuspass.expiresInSeconds).toBeGreaterThan(55);
  expect(hocuspass.expiresInSeconds).toBeLessThanOrEqual(60);

  const quiet = await startServer({ verify, announce: false });
  const other = connect(quiet, 'a', () => signFor());
  await untilSynced(other);
  await other.provider.sendToken();
  await untilTrue(() => other.scopes.length === 2, 'the renewal is acknowledged');
  expect(other.stateless).toEqual([]);
});
