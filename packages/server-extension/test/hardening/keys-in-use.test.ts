import { generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { toPublicJwks } from '../../src/token/to-jwks.ts';
import { p256, rsa2048 } from '../support/key-pairs.ts';
import { startKeySetServer } from '../support/key-set-server.ts';
import { goodClaims, rawPart, rawSecret, rawToken, signRaw } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

// Keys that come and go, while tokens of theirs are under way. The details are in test/token: rotation, remote-keys.

const grant = { subject: 'ada', documents: { '*': 'write' } } as const;
const published = { kid: 'a', privateKey: p256.privateKey, alg: 'ES256' } as const;

async function publish(): Promise<Awaited<ReturnType<typeof startKeySetServer>>> {
  const server = await startKeySetServer(toPublicJwks([published]));
  onTestFinished(() => server.close());
  return server;
}

// To try all keys makes of the weakest of them the key for everything, and of each bad token as many computations.
test('a token without kid is not tried with one key after the other', async () => {
  const keys = [
    { kid: '1', secret: rawSecret },
    { kid: '2', secret: `${rawSecret}, another` },
  ];
  const verify = createVerifier({ keys });
  expect(await refusalOf(verify(rawToken(goodClaims())))).toBe('token-invalid');
  expect(await refusalOf(verify(rawToken(goodClaims(), { alg: 'HS256', kid: '2' })))).toBe('token-invalid');
  expect((await verify(rawToken(goodClaims(), { alg: 'HS256', kid: '1' }))).subject).toBe('ada');
});

// RFC 8725, section 3.1: a kid must not lend a key to another algorithm.
test('a kid does not make a key serve another alg', async () => {
  const keys = [
    { kid: 'p', publicKey: p256.publicKey, alg: 'ES256' },
    { kid: 'r', publicKey: rsa2048.publicKey, alg: 'RS256' },
    { kid: 's', secret: rawSecret },
  ] as const;
  const verify = createVerifier({ keys });
  const pss = createSigner({ keys: [{ kid: 'r', privateKey: rsa2048.privateKey, alg: 'PS256' }] })(grant).token;
  expect(await refusalOf(verify(pss))).toBe('token-invalid');
  const pem = p256.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const text = `${rawPart({ alg: 'HS256', kid: 'p' })}.${rawPart(goodClaims())}`;
  for (const secret of [pem, rawSecret]) expect(await refusalOf(verify(signRaw(text, secret)))).toBe('token-invalid');
});

test('a key that was retired opens nothing, also with tokens that were seen before', async () => {
  const key = { kid: 'a', secret: rawSecret, notAfter: new Date(Date.now() + 300) };
  const verify = createVerifier({ keys: [key, { kid: 'b', secret: `${rawSecret}, another` }] });
  const token = rawToken(goodClaims(), { alg: 'HS256', kid: 'a' });
  expect((await verify(token)).subject).toBe('ada');
  await new Promise((resolve) => setTimeout(resolve, key.notAfter.getTime() - Date.now() + 1));
  expect(await refusalOf(verify(token))).toBe('token-invalid');
});

// "No" sends people to the login page, and clients away for good; an outage must be told as one.
test('a key set that is out is an outage, not a bad token', async () => {
  const server = await publish();
  const verify = createVerifier({ jwks: server.url, algorithms: ['ES256'] });
  const { token } = createSigner({ keys: [published] })(grant);
  for (const trouble of [500, 302, 'not JSON', { keys: null }]) {
    server.answer = trouble;
    expect(await refusalOf(verify(token))).toBe('auth-unavailable');
  }
  server.answer = toPublicJwks([published]);
  expect((await verify(token)).subject).toBe('ada');
});

// Otherwise anybody could have the server of the keys flooded, by inventing a kid for each request.
test('invented kids make for one request, not for one each', async () => {
  const server = await publish();
  const verify = createVerifier({ jwks: server.url, algorithms: ['ES256'] });
  await verify(createSigner({ keys: [published] })(grant).token);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (let round = 0; round < 20; round += 1) {
    const { token } = createSigner({ keys: [{ kid: `invented ${round}`, privateKey: other, alg: 'ES256' }] })(grant);
    expect(await refusalOf(verify(token))).toBe('token-invalid');
  }
  expect(server.requests).toBe(2);
});

// CVE-2024-37568 and others: what is published is public, so no symmetric key may come from there.
test('a published set lends no secrets', async () => {
  const server = await publish();
  const k = Buffer.from(rawSecret).toString('base64url');
  server.answer = { keys: [{ kty: 'oct', k, kid: 's', alg: 'HS256' }, ...toPublicJwks([published]).keys] };
  const verify = createVerifier({ jwks: server.url, algorithms: ['ES256'] });
  expect(await refusalOf(verify(rawToken(goodClaims(), { alg: 'HS256', kid: 's' })))).toBe('token-invalid');
});
