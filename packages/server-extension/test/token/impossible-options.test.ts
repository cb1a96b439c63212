import { expect, test } from 'vitest';
import { createRevocations, createSigner, createVerifier, type Key } from '../../src/index.ts';
import { p256 } from '../support/key-pairs.ts';
import { rawSecret } from '../support/raw-token.ts';

// Each comment below fails the type check if its line compiles.
test('options that cannot work do not type-check, and throw where nobody checks types', () => {
  const jwks = 'https://keys.example/jwks.json';
  // @ts-expect-error: no keys at all
  expect(() => createVerifier({ issuer: 'x' })).toThrow(TypeError);
  // @ts-expect-error: two kinds of keys
  expect(() => createVerifier({ secret: rawSecret, keys: [{ secret: rawSecret }] })).toThrow(TypeError);
  // @ts-expect-error: a published set needs its algorithms
  expect(() => createVerifier({ jwks })).toThrow(TypeError);
  // @ts-expect-error: a secret needs none
  expect(() => createVerifier({ secret: rawSecret, algorithms: ['HS256'] })).toThrow(TypeError);
  // @ts-expect-error: nobody signs with what others publish
  expect(() => createSigner({ jwks, algorithms: ['ES256'] })).toThrow(TypeError);
  // @ts-expect-error: a key pair has an alg
  expect(() => createVerifier({ keys: [{ publicKey: p256.publicKey }] })).toThrow(TypeError);
  // @ts-expect-error: a secret is no key pair
  expect(() => createVerifier({ keys: [{ secret: rawSecret, alg: 'ES256' }] })).toThrow(TypeError);
  // @ts-expect-error: none cannot be spelled
  expect(() => createVerifier({ keys: [{ secret: rawSecret, alg: 'none' }] })).toThrow(TypeError);
  // @ts-expect-error: an unset variable
  expect(() => createVerifier({ secret: process.env.NOT_SET_ANYWHERE })).toThrow(TypeError);
});

test('one object of keys and origin serves both sides', async () => {
  const key = { secret: rawSecret, issuer: 'https://app.example', audience: 'collab' };
  const revocations = createRevocations();
  const verify = createVerifier({ ...key, revocations });
  expect(await verify(createSigner(key)({ subject: 'ada', documents: {} }).token)).toBeDefined();
  const keys: readonly Key[] = [{ kid: 'a', privateKey: p256.privateKey, alg: 'ES256' }, { secret: rawSecret }];
  expect(await createVerifier({ keys })(createSigner({ keys })({ subject: 'ada', documents: {} }).token)).toBeDefined();
  await revocations.close();
});
