import { generateKeyPairSync } from 'node:crypto';
import { type Extension, Server } from '@hocuspocus/server';
import { expect, test, vi } from 'vitest';
import { type AuthContext, JwtAuth } from '../../src/hocuspocus.ts';
import type { AccessLevel, Claims } from '../../src/index.ts';
import { AuthError, createSigner, createVerifier } from '../../src/index.ts';
import { connect, openSocket, startServer, untilRefused, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, secret, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

const { verify } = createTestVerifier();

test('a token opens the documents that it names', async () => {
  const server = await startServer({ verify });
  const client = connect(server, 'team/plan', signFor({ documents: { 'team/*': 'write' } }));
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => server.text('team/plan') === 'hello', 'the edit arrives');
  expect(client.scopes).toEqual(['read-write']);
});

test('a level below write is read-only', async () => {
  const server = await startServer({ verify });
  const client = connect(server, 'team/plan', signFor({ documents: { 'team/*': 'read' } }));
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => client.acknowledged.includes(false), 'the edit is refused');
  expect(client.scopes).toEqual(['readonly']);
  expect(server.text('team/plan')).toBe('');
});

test.each([
  ['no token', '', 'token-missing'],
  ['no token at all', 'nonsense', 'token-invalid'],
  ['a token for other documents', signFor({ documents: { 'ben/*': 'write' } }), 'document-forbidden'],
  ['a token for nothing', signFor({ documents: {} }), 'document-forbidden'],
])('%s is refused, with its reason', async (_, token, reason) => {
  const server = await startServer({ verify });
  const client = connect(server, 'team/plan', token);
  expect(await untilRefused(client)).toBe(reason);
  expect(server.server.hocuspocus.documents.size).toBe(0);
});

test('an expired token is refused', async () => {
  const server = await startServer({ verify });
  const token = signFor({}, 0.01);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await untilRefused(connect(server, 'a', token))).toBe('token-expired');
});

test('a token inside the clock tolerance, but past its end, is refused: it would end at once', async () => {
  const server = await startServer({ verify: createVerifier({ secret, clockTolerance: 60 }) });
  const token = signFor({}, 0.01);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await untilRefused(connect(server, 'a', token))).toBe('token-expired');
});

test.each(['a/../b', ' a', 'a*', 'a\u200bb', `${'x'.repeat(513)}`])(
  'the document name %j is nobody’s',
  async (name) => {
    const server = await startServer({ verify });
    expect(await untilRefused(connect(server, name, signFor()))).toBe('document-forbidden');
    expect(server.events.at(-1)).not.toHaveProperty('documentName');
  },
);

test('a refusal prints nothing', async () => {
  const log = vi.spyOn(console, 'error');
  const server = await startServer({ verify });
  await untilRefused(connect(server, 'a', 'nonsense'));
  expect(log).not.toHaveBeenCalled();
});

test('later hooks find claims, level and user in the context', async () => {
  const seen: AuthContext[] = [];
  const hooks = {
    onAuthenticate: async ({ context }: { context: AuthContext }) => void seen.push(context),
    onLoadDocument: async ({ context }: { context: AuthContext }) => void seen.push(context),
    connected: async ({ connection }: { connection: { context: AuthContext } }) => void seen.push(connection.context),
  };
  const server = await startServer({ verify }, { extensions: [hooks] });
  await untilSynced(connect(server, 'a', signFor({ name: 'Ada', picture: 'https://app.example/ada.png' })));
  await untilTrue(() => seen.length === 3, 'all hooks ran');
  for (const { claims, level, user } of seen) {
    expect(claims.subject).toBe('ada');
    expect(level).toBe('write');
    expect(user).toEqual({ id: 'ada', name: 'Ada', picture: 'https://app.example/ada.png' });
  }
});

test.each<[AccessLevel, AccessLevel | undefined, string]>([
  ['write', 'read', 'readonly'],
  ['read', 'write', 'readonly'],
  ['write', 'write', 'read-write'],
])('the lower of token (%s) and authorize (%s) wins', async (granted, authorized, scope) => {
  const server = await startServer({ verify, authorize: () => authorized });
  const client = connect(server, 'a', signFor({ documents: { a: granted } }));
  await untilSynced(client);
  expect(client.scopes).toEqual([scope]);
});

test('authorize gets claims and document name, and refuses by answering nothing', async () => {
  const asked: unknown[] = [];
  const authorize = async (claims: Claims, documentName: string): Promise<undefined> => {
    asked.push(claims.subject, documentName);
  };
  const server = await startServer({ verify, authorize });
  expect(await untilRefused(connect(server, 'a', signFor()))).toBe('document-forbidden');
  expect(asked).toEqual(['ada', 'a']);
});

test.each([
  ['throws', () => Promise.reject(new Error('no table "shares"')), 'Error: no table "shares"'],
  ['throws a refusal', () => Promise.reject(new AuthError('token-invalid')), 'AuthError: The token is not valid.'],
  ['throws a symbol', () => Promise.reject(Symbol('shares')), 'Symbol(shares)'],
  [
    'answers nonsense',
    () => JSON.parse('"owner"'),
    "TypeError: the answer is not 'read', 'comment', 'write' or undefined",
  ],
])('an authorize that %s is an outage: a warning says why, and no client or event does', async (_, fail, why) => {
  const warnings = collectWarnings();
  const log = vi.spyOn(console, 'error');
  const server = await startServer({ verify: (token) => verify(token), authorize: fail });
  const clients = [connect(server, 'a', signFor()), connect(server, 'b', signFor())];
  expect(await Promise.all(clients.map(untilRefused))).toEqual(['auth-unavailable', 'auth-unavailable']);
  await untilTrue(() => warnings.length > 0, 'a warning is emitted');
  expect(warnings).toEqual([
    `hocuspass: connections are refused with auth-unavailable: Error: "authorize" failed (${why})`,
  ]);
  expect(log).not.toHaveBeenCalled();
  expect(JSON.stringify(server.events)).not.toMatch(/shares|owner/);
});

test('a key set that cannot be fetched is a warning that says why', async () => {
  const warnings = collectWarnings();
  const keys = createVerifier({ jwks: 'http://127.0.0.1:1/keys.json', algorithms: ['ES256'] });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sign = createSigner({ keys: [{ privateKey, alg: 'ES256', kid: 'k' }] });
  const server = await startServer({ verify: keys });
  const { token } = sign({ subject: 'ada', documents: { a: 'write' } });
  expect(await untilRefused(connect(server, 'a', token))).toBe('auth-unavailable');
  await untilTrue(() => warnings.length > 0, 'a warning is emitted');
  expect(warnings).toEqual([
    expect.stringContaining('AuthError: The key set cannot be fetched right now. (TypeError: fetch failed'),
  ]);
});

test('a later extension that clears read-only does not make a reader write', async () => {
  const naive = {
    onAuthenticate: async ({ connectionConfig }: { connectionConfig: { readOnly: boolean } }) => {
      connectionConfig.readOnly = false;
    },
  };
  const server = await startServer({ verify }, { extensions: [naive] });
  const client = connect(server, 'a', signFor({ documents: { a: 'read' } }));
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => client.acknowledged.includes(false), 'the edit is refused');
  expect(client.scopes).toEqual(['readonly']);
});

test.each<keyof Extension>(['connected', 'beforeHandleMessage', 'beforeSync'])(
  'neither does one that clears it in %s, for every message',
  async (hook) => {
    const unlock = async ({ connection }: { connection: { readOnly: boolean } }) => {
      connection.readOnly = false;
    };
    const server = await startServer({ verify }, { extensions: [{ [hook]: unlock }] });
    const client = connect(server, 'a', signFor({ documents: { a: 'read' } }));
    await untilSynced(client);
    client.type('hello');
    await untilTrue(() => client.acknowledged.includes(false), 'the edit is refused');
    expect(server.text('a')).toBe('');
    expect(server.events.at(-1)).toMatchObject({ type: 'write-rejected', level: 'read' });
  },
);

test('an extension that makes a writer read-only is respected, also after a renewal', async () => {
  const maintenance = {
    onAuthenticate: async ({ connectionConfig }: { connectionConfig: { readOnly: boolean } }) => {
      connectionConfig.readOnly = true;
    },
  };
  const server = await startServer({ verify }, { extensions: [maintenance] });
  const client = connect(server, 'a', () => signFor());
  await untilSynced(client);
  await client.provider.sendToken();
  await untilTrue(() => client.scopes.length === 2, 'the renewal is acknowledged');
  expect(client.scopes).toEqual(['readonly', 'readonly']);
});

test('what another extension refuses leaves nothing behind', async () => {
  const other = { onAuthenticate: () => Promise.reject({ reason: 'maintenance' }) };
  const server = await startServer({ verify, limits: { connectionsPerDocument: 1 } }, { extensions: [other] });
  const socket = openSocket(server.url);
  const client = connect(socket, 'a', () => signFor());
  expect(await untilRefused(client)).toBe('maintenance');
  await client.provider.sendToken();
  await untilTrue(() => client.refusals.length === 2, 'the second attempt is refused');
  expect(client.refusals).toEqual(['maintenance', 'maintenance']);
  expect([...server.auth.connections()]).toEqual([]);
  expect(server.events).toEqual([]);
});

test('connections() tells who has what open', async () => {
  const server = await startServer({ verify });
  await untilSynced(connect(server, 'a', signFor({ session: 's1', documents: { a: 'read' } })));
  const [open, ...others] = server.auth.connections();
  expect(others).toEqual([]);
  expect(open).toMatchObject({ documentName: 'a', subject: 'ada', session: 's1', level: 'read' });
  expect(open?.since).toBeInstanceOf(Date);
  expect(open?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 50_000);
  expect(open?.socketId).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  [{}, /"verify"/],
  [{ verify: 'secret' }, /"verify"/],
  [{ verify, autorize: () => 'read' }, /unknown option "autorize"/],
  [{ verify, authorize: 'read' }, /"authorize"/],
  [{ verify, onEvent: true }, /"onEvent"/],
  [{ verify, presence: 'yes' }, /"presence"/],
  [{ verify, announce: 'yes' }, /"announce"/],
  [{ verify, comments: null }, /comments: options must be an object/],
  [{ verify, renewal: { at: null } }, /"renewal.at"/],
  [{ verify, renewal: { at: 0 } }, /"renewal.at"/],
  [{ verify, renewal: { at: 1.1 } }, /"renewal.at"/],
  [{ verify, renewal: { grace: -1 } }, /"renewal.grace"/],
  [{ verify, renewal: { deadline: 0 } }, /"renewal.deadline"/],
  [{ verify, renewal: { every: 5 } }, /unknown option "every"/],
  [{ verify, limits: { clientIds: 0.5 } }, /"limits.clientIds"/],
  [{ verify, limits: { refusalsPerMinute: Number.NaN } }, /"limits.refusalsPerMinute"/],
  [{ verify, limits: { sockets: 5 } }, /unknown option "sockets"/],
])('wrong options (%#) are a TypeError that names the option', (options, message) => {
  expect(() => Reflect.construct(JwtAuth, [options])).toThrow(TypeError);
  expect(() => Reflect.construct(JwtAuth, [options])).toThrow(message);
});

test('it can be given to a Server as any other extension', () => {
  expect(() => new Server({ extensions: [new JwtAuth({ verify })] })).not.toThrow();
});
