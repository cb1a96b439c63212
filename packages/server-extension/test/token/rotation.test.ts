import { afterEach, expect, test, vi } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { toPublicJwks } from '../../src/token/to-jwks.ts';
import { p256, p384, pairs } from '../support/key-pairs.ts';
import { goodClaims, rawSecret, rawToken } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

const grant = { subject: 'ada', documents: { '*': 'write' } } as const;
const oldKey = { kid: '2026-01', secret: rawSecret } as const;
const newKey = { kid: '2026-02', secret: `${rawSecret}, and another one` } as const;

afterEach(() => vi.useRealTimers());

test.for([
  { alg: 'HS256', key: { secret: rawSecret } },
  { alg: 'HS384', key: { secret: rawSecret.repeat(2).replace('n', 'N'), alg: 'HS384' } },
  { alg: 'HS512', key: { secret: rawSecret.repeat(2).replace('n', 'N'), alg: 'HS512' } },
  ...pairs.map(({ alg, pair }) => ({ alg, key: { privateKey: pair.privateKey, alg } })),
] as const)('$alg signs and verifies', async ({ key }) => {
  const { token } = createSigner({ keys: [key] })(grant);
  expect((await createVerifier({ keys: [key] })(token)).access.levelFor('a')).toBe('write');
});

test('the first key that can sign signs', async () => {
  const verifying = { kid: 'p', publicKey: p256.publicKey, alg: 'ES256' } as const;
  const { token } = createSigner({ keys: [verifying, newKey, oldKey] })(grant);
  expect(await createVerifier({ keys: [newKey] })(token)).toBeDefined();
});

test('while keys change, tokens of both verify, each by its kid', async () => {
  const verify = createVerifier({ keys: [newKey, oldKey, { kid: 'p', publicKey: p256.publicKey, alg: 'ES256' }] });
  for (const key of [newKey, oldKey, { kid: 'p', privateKey: p256.privateKey, alg: 'ES256' } as const]) {
    expect((await verify(createSigner({ keys: [key] })(grant).token)).subject).toBe('ada');
  }
  const gone = createSigner({ keys: [{ kid: '2025-12', secret: rawSecret }] })(grant);
  expect(await refusalOf(verify(gone.token))).toBe('token-invalid');
});

test('a kid names a key of one alg, whatever the token says', async () => {
  const verify = createVerifier({ keys: [oldKey, { kid: 'p', publicKey: p256.publicKey, alg: 'ES256' }] });
  expect(await refusalOf(verify(rawToken(goodClaims(), { alg: 'HS256', kid: 'p' })))).toBe('token-invalid');
});

test('a token without kid is tried only with the single key of its alg', async () => {
  const token = rawToken(goodClaims());
  const elliptic = { kid: 'p', publicKey: p256.publicKey, alg: 'ES256' } as const;
  expect(await createVerifier({ keys: [elliptic, oldKey] })(token)).toBeDefined();
  expect(await refusalOf(createVerifier({ keys: [oldKey, newKey] })(token))).toBe('token-invalid');
  expect(await refusalOf(createVerifier({ keys: [newKey, oldKey] })(token))).toBe('token-invalid');
  expect(await refusalOf(createVerifier({ keys: [elliptic] })(token))).toBe('token-invalid');
});

test('a kid does not stand in the way of a single key that has none', async () => {
  const token = rawToken(goodClaims(), { alg: 'HS256', kid: 'whatever' });
  expect(await createVerifier({ secret: rawSecret })(token)).toBeDefined();
  expect(await createVerifier({ keys: [{ secret: rawSecret }, newKey].slice(0, 1) })(token)).toBeDefined();
  expect(await refusalOf(createVerifier({ keys: [{ secret: rawSecret }, newKey] })(token))).toBe('token-invalid');
  expect(await refusalOf(createVerifier({ keys: [oldKey] })(token))).toBe('token-invalid');
});

test('a kid that reads undefined is not that of a key without one', async () => {
  const token = rawToken(goodClaims(), { alg: 'HS256', kid: 'undefined' });
  expect(await refusalOf(createVerifier({ keys: [newKey, { secret: rawSecret }] })(token))).toBe('token-invalid');
});

test('a key neither verifies nor signs from its notAfter on', async () => {
  vi.useFakeTimers({ now: new Date('2026-02-01T00:00:00Z'), toFake: ['Date', 'performance'] });
  const retiring = { ...oldKey, notAfter: new Date('2026-02-01T00:10:00Z') };
  const sign = createSigner({ keys: [retiring, newKey], expiresIn: '1h' });
  const verify = createVerifier({ keys: [newKey, retiring] });

  const last = sign(grant);
  expect(last).toMatchObject({ expiresAt: retiring.notAfter, expiresInSeconds: 600 });
  expect(await verify(last.token)).toBeDefined();

  vi.setSystemTime('2026-02-01T00:09:59.999Z');
  expect(await verify(last.token)).toBeDefined();
  vi.setSystemTime(retiring.notAfter);
  expect(await refusalOf(verify(last.token))).toBe('token-invalid');
  expect(await createVerifier({ keys: [newKey] })(sign(grant).token)).toMatchObject({ subject: 'ada' });
});

test('a signer whose keys have all been retired says so', () => {
  vi.useFakeTimers({ now: new Date('2026-02-01T00:00:00Z'), toFake: ['Date'] });
  const keys = [{ secret: rawSecret, notAfter: new Date('2026-02-01T00:10:00Z') }];
  const sign = createSigner({ keys });
  vi.setSystemTime('2026-02-01T00:10:00Z');
  expect(() => sign(grant)).toThrow('createSigner: "keys" has none that can sign');
  expect(() => createSigner({ keys })).toThrow('createSigner: "keys" has none that can sign');
});

test('the public halves are published, without those that are retired', () => {
  vi.useFakeTimers({ now: new Date('2026-02-01T00:00:00Z'), toFake: ['Date'] });
  const keys = [
    { kid: 'a', privateKey: p256.privateKey, alg: 'ES256' },
    { publicKey: p384.publicKey, alg: 'ES384' },
    { kid: 'c', publicKey: p256.publicKey, alg: 'ES256', notAfter: new Date() },
  ] as const;
  expect(toPublicJwks(keys)).toEqual({
    keys: [
      { ...p256.publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256', use: 'sig' },
      { ...p384.publicKey.export({ format: 'jwk' }), alg: 'ES384', use: 'sig' },
    ],
  });
});
