import { expect, test } from 'vitest';
import { AuthError, type AuthReason, readAccess, type Verify } from '../../src/index.ts';
import { connect, startServer, untilRefused, untilSynced } from '../support/collaboration.ts';
import { untilTrue } from '../support/until.ts';
import { collectWarnings } from '../support/warnings.ts';

const SESSIONS: Readonly<Record<string, { user: string; name?: string } | undefined>> = { s1: { user: 'ada' } };

/** As an app writes it that has no JWTs: a plain function without revocations. */
const verify: Verify = async (token) => {
  const session = SESSIONS[token];
  if (session === undefined) throw new AuthError('token-invalid');
  return {
    subject: session.user,
    name: session.name,
    expiresAt: new Date(Date.now() + 60_000),
    access: readAccess({ documents: { 'team/*': 'write' } }),
    payload: {},
  };
};

test('a verify of the app’s own opens and refuses as any other', async () => {
  const server = await startServer({ verify });
  const client = connect(server, 'team/plan', 's1');
  await untilSynced(client);
  client.type('hello');
  await untilTrue(() => server.text('team/plan') === 'hello', 'the edit arrives');
  expect(await untilRefused(connect(server, 'team/plan', 's2'))).toBe('token-invalid');
  expect(await untilRefused(connect(server, 'ben/diary', 's1'))).toBe('document-forbidden');
});

test.each<AuthReason>(['token-missing', 'token-expired', 'token-revoked', 'rate-limited'])(
  'its AuthError with the reason %s reaches the client',
  async (reason) => {
    const server = await startServer({ verify: () => Promise.reject(new AuthError(reason)) });
    expect(await untilRefused(connect(server, 'a', 'token'))).toBe(reason);
  },
);

test.each<[string, Verify, string]>([
  ['throws something else', () => Promise.reject(new Error('no way to db.internal')), 'Error: no way to db.internal'],
  ['says so itself', () => Promise.reject(new AuthError('auth-unavailable')), 'AuthError: Access cannot be checked'],
  ['answers nothing', async () => JSON.parse('null'), '"verify" must return claims'],
  [
    'answers without access',
    async (token) => ({ ...(await verify(token)), ...JSON.parse('{"access":null}') }),
    '"access"',
  ],
  [
    'answers without an end',
    async (token) => ({ ...(await verify(token)), ...JSON.parse('{"expiresAt":null}') }),
    '"expiresAt"',
  ],
  [
    'answers with a date that is none',
    async (token) => ({ ...(await verify(token)), expiresAt: new Date('never') }),
    'a date',
  ],
])(
  'one that %s refuses with auth-unavailable, at connect and at renewal, and a warning says why',
  async (_, broken, why) => {
    const warnings = collectWarnings();
    let current: Verify = verify;
    const server = await startServer({ verify: (token) => current(token) });
    const client = connect(server, 'team/plan', 's1');
    await untilSynced(client);
    current = broken;
    expect(await untilRefused(connect(server, 'team/plan', 's1'))).toBe('auth-unavailable');
    await client.provider.sendToken();
    await untilTrue(() => client.closes.length > 0, 'the connection is closed');
    expect(client.closes).toEqual(['auth-unavailable']);
    expect(JSON.stringify(server.events)).not.toContain('db.internal');
    await untilTrue(() => warnings.length > 0, 'a warning is emitted');
    expect(warnings).toEqual([expect.stringContaining(why)]);
  },
);
