import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { toPublicJwks } from '../../src/token/to-jwks.ts';
import { p256, p384, rsa2048 } from '../support/key-pairs.ts';
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts';
import { goodClaims, rawSecret, rawToken } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

const a = { kid: 'a', privateKey: p256.privateKey, alg: 'ES256' } as const;
const b = {
  kid: 'b',
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  alg: 'ES256',
} as const;
const grant = { subject: 'ada', documents: { '*': 'write' } } as const;
const signWith = (
  key: typeof a | typeof b | { kid?: string; privateKey: KeyObject; alg: 'ES384' | 'RS256' | 'PS256' },
) => createSigner({ keys: [key], expiresIn: '12h' })(grant).token;

let server: KeySetServer;
const setUp = (algorithms: readonly string[] = ['ES256']) => createVerifier({ jwks: server.url, algorithms });

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
  server = await startKeySetServer(toPublicJwks([a]));
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

test('tokens are verified with the published key, which is fetched once', async () => {
  const verify = setUp();
  expect(server.requests).toBe(0);
  const tokens = Array.from({ length: 20 }, () => signWith(a));
  for (const { subject } of await Promise.all(tokens.map((token) => verify(token)))) expect(subject).toBe('ada');
  expect((await createVerifier({ jwks: new URL(server.url), algorithms: ['ES256'] })(signWith(a))).subject).toBe('ada');
  expect(server.requests).toBe(2);
});

test('a remembered token is recalled while the set is fresh', async () => {
  const verify = setUp();
  const token = signWith(a);
  await verify(token);
  expect(await verify(token)).toBe(await verify(token));
});

test('a set that grows is followed at once', async () => {
  const verify = setUp();
  await verify(signWith(a));
  server.answer = toPublicJwks([a, b]);
  expect((await verify(signWith(b))).subject).toBe('ada');
  expect(server.requests).toBe(2);
});

test('a set that loses a key is followed within ten minutes, also for tokens that were verified before', async () => {
  const verify = setUp();
  const token = signWith(a);
  await verify(token);
  server.answer = toPublicJwks([b]);
  vi.advanceTimersByTime(599_999);
  expect(await verify(token)).toBeDefined();
  vi.advanceTimersByTime(1);
  expect(await refusalOf(verify(token))).toBe('token-invalid');
  expect((await verify(signWith(b))).subject).toBe('ada');
  expect(server.requests).toBe(2);
});

test('a token verified while the set was being fetched is not recalled once the set is out of date', async () => {
  const verify = setUp();
  const token = signWith(a);
  await verify(token);
  server.answer = toPublicJwks([b]);
  vi.advanceTimersByTime(600_000);
  expect(await refusalOf(verify(token))).toBe('token-invalid');
});

test('a key that is gone is not used because the set was fetched for another', async () => {
  const verify = setUp();
  const token = signWith(a);
  await verify(token);
  server.answer = toPublicJwks([b]);
  await verify(signWith(b));
  expect(await refusalOf(verify(token))).toBe('token-invalid');
});

describe('an unknown kid', () => {
  const unknown = () => rawToken(goodClaims(), { alg: 'ES256', kid: crypto.randomUUID() });

  test('makes for one request, and then none for half a minute', async () => {
    const verify = setUp();
    await verify(signWith(a));
    for (let round = 0; round < 50; round += 1) expect(await refusalOf(verify(unknown()))).toBe('token-invalid');
    expect(server.requests).toBe(2);
    vi.advanceTimersByTime(29_999);
    expect(await refusalOf(verify(unknown()))).toBe('token-invalid');
    expect(server.requests).toBe(2);
    vi.advanceTimersByTime(1);
    expect(await refusalOf(verify(unknown()))).toBe('token-invalid');
    expect(server.requests).toBe(3);
  });

  test('makes for one request where nothing had been fetched yet', async () => {
    const verify = setUp();
    for (let round = 0; round < 50; round += 1) expect(await refusalOf(verify(unknown()))).toBe('token-invalid');
    expect(server.requests).toBe(1);
  });

  test('of many at once makes for one request', async () => {
    const verify = setUp();
    await verify(signWith(a));
    const release = server.hold();
    const refusals = Array.from({ length: 50 }, () => refusalOf(verify(unknown())));
    release();
    expect(new Set(await Promise.all(refusals))).toEqual(new Set(['token-invalid']));
    expect(server.requests).toBe(2);
  });

  test('does not keep good tokens from being verified', async () => {
    const verify = setUp();
    await verify(signWith(a));
    await refusalOf(verify(unknown()));
    expect((await verify(signWith(a))).subject).toBe('ada');
  });
});

test('a token that no key of this kind could verify makes for no request', async () => {
  const verify = setUp();
  for (const token of [rawToken(goodClaims()), signWith({ privateKey: p384.privateKey, alg: 'ES384' }), 'a.b.c', '']) {
    await refusalOf(verify(token));
  }
  expect(server.requests).toBe(0);
});

describe('a set that cannot be fetched leaves the answer open', () => {
  test.for([
    ['an error', 500],
    ['nothing there', 404],
    ['a redirect', 302],
    ['no JSON', 'keys'],
    ['no set', { keys: 'none' }],
    ['a list', []],
    ['keys that are none', { keys: [1] }],
  ] as const)('%s', async ([, answer]) => {
    const verify = setUp();
    server.answer = answer;
    await expect(verify(signWith(a))).rejects.toMatchObject({
      reason: 'auth-unavailable',
      message: 'The key set cannot be fetched right now.',
      cause: expect.any(Error),
    });
    expect(server.requests).toBe(1);
    server.answer = toPublicJwks([a]);
    expect((await verify(signWith(a))).subject).toBe('ada');
  });

  test('nobody listening', async () => {
    const verify = setUp();
    await verify(signWith(a));
    await server.close();
    expect((await verify(signWith(a))).subject).toBe('ada');
    expect(await refusalOf(verify(signWith(b)))).toBe('auth-unavailable');
    vi.advanceTimersByTime(600_000);
    expect(await refusalOf(verify(signWith(a)))).toBe('auth-unavailable');
  });
});

describe('of a published set', () => {
  const verifyWith = async (
    keys: unknown[],
    token: string,
    algorithms: readonly string[] = ['ES256', 'RS256', 'PS256'],
  ) => {
    server.answer = { keys };
    return setUp(algorithms)(token);
  };
  const [jwk = {}] = toPublicJwks([a]).keys;

  test('what is not understood is passed over', async () => {
    const keys = [
      {},
      { kty: 'oct', k: 'AAAA', kid: 'a' },
      { kty: 'EC', crv: 'P-999', kid: 'a' },
      { kty: 'OKP', crv: 'Ed25519' },
      jwk,
    ];
    expect((await verifyWith(keys, signWith(a))).subject).toBe('ada');
  });

  test.for([
    ['is for encryption', { ...jwk, use: 'enc' }],
    ['may only sign', { ...jwk, key_ops: ['sign'] }],
    ['has malformed operations', { ...jwk, key_ops: 'verify' }],
    ['is for another algorithm', { ...jwk, alg: 'ES384' }],
    ['is private', p256.privateKey.export({ format: 'jwk' })],
    ['is a secret', { kty: 'oct', k: Buffer.from(rawSecret).toString('base64url'), alg: 'HS256', kid: 'a' }],
  ] as const)('a key that %s is not used', async ([, key]) => {
    expect(await refusalOf(verifyWith([key], signWith(a)))).toBe('token-invalid');
    expect(await refusalOf(verifyWith([key], rawToken(goodClaims(), { alg: 'HS256', kid: 'a' })))).toBe(
      'token-invalid',
    );
  });

  test('a key that is too short is not used', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const options = { algorithm: 'RS256', allowInsecureKeySizes: true, keyid: 'r' } as const;
    const token = jsonwebtoken.sign(goodClaims(), privateKey, options);
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'r' }];
    expect(await refusalOf(verifyWith(keys, token))).toBe('token-invalid');
  });

  test('a kid that is no text is none', async () => {
    expect(await verifyWith([{ ...jwk, kid: 7 }], signWith(a))).toBeDefined();
  });

  test('a key may say that it verifies', async () => {
    expect(await verifyWith([{ ...jwk, key_ops: ['verify'], use: 'sig' }], signWith(a))).toBeDefined();
  });

  test('an RSA key that names no alg is used for those that are allowed', async () => {
    const rsa = { ...rsa2048.publicKey.export({ format: 'jwk' }), kid: 'r' };
    for (const alg of ['RS256', 'PS256'] as const) {
      const token = signWith({ kid: 'r', privateKey: rsa2048.privateKey, alg });
      expect((await verifyWith([rsa], token)).subject).toBe('ada');
      expect(await refusalOf(verifyWith([rsa], token, ['ES256']))).toBe('token-invalid');
    }
  });

  test('a token without kid is tried only with the single key of its alg', async () => {
    const token = signWith({ privateKey: rsa2048.privateKey, alg: 'RS256' });
    const rsa = rsa2048.publicKey.export({ format: 'jwk' });
    expect((await verifyWith([{ ...rsa, kid: 'r' }, jwk], token)).subject).toBe('ada');
    expect((await verifyWith([rsa, jwk], token)).subject).toBe('ada');
    expect(
      await refusalOf(
        verifyWith(
          [
            { ...rsa, kid: 'r' },
            { ...rsa, kid: 's' },
          ],
          token,
        ),
      ),
    ).toBe('token-invalid');
  });
});
