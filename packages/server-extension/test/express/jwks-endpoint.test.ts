import { generateKeyPairSync } from 'node:crypto';
import express from 'express';
import { describe, expect, test, vi } from 'vitest';
import { jwksEndpoint, tokenEndpoint } from '../../src/express.ts';
import { createSigner, createVerifier, type Key } from '../../src/index.ts';
import { expresses } from '../support/expresses.ts';
import { serve } from '../support/serve.ts';

const current = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), alg: 'ES256', kid: 'current' } as const;
const next = { ...generateKeyPairSync('rsa', { modulusLength: 2_048 }), alg: 'RS256', kid: 'next' } as const;
const retired = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  alg: 'ES384',
  kid: 'retired',
  notAfter: new Date(0),
} as const;
const keys: readonly Key[] = [current, next, retired];

describe.each(expresses)('%s', (_, express) => {
  test('the public halves are published, cacheable for five minutes', async () => {
    const response = await fetch(await serve(express().get('/', jwksEndpoint({ keys }))));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.json()).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.any(String),
          y: expect.any(String),
          alg: 'ES256',
          use: 'sig',
          kid: 'current',
        },
        { kty: 'RSA', n: expect.any(String), e: 'AQAB', alg: 'RS256', use: 'sig', kid: 'next' },
      ],
    });
  });

  test('HEAD is answered, other methods are 405', async () => {
    const url = await serve(express().use(jwksEndpoint({ keys })));
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    const response = await fetch(url, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ reason: 'method-not-allowed' });
  });
});

test('a verifier elsewhere needs nothing but the address', async () => {
  const grant = () => ({ subject: 'ada', documents: { 'ada/*': 'write' as const } });
  const url = await serve(
    express()
      .get('/jwks.json', jwksEndpoint({ keys }))
      .post('/token', tokenEndpoint({ sign: createSigner({ keys }), grant })),
  );
  const { token } = await (await fetch(`${url}/token`, { method: 'POST' })).json();
  const verify = createVerifier({ jwks: `${url}/jwks.json`, algorithms: ['ES256'] });
  expect((await verify(token)).access.levelFor('ada/diary')).toBe('write');
});

test('a key is no longer published once it is past its notAfter', async ({ onTestFinished }) => {
  const ending = { ...current, notAfter: new Date(Date.now() + 3_600_000) };
  const url = await serve(express().get('/', jwksEndpoint({ keys: [ending, next] })));
  const kids = async () => (await (await fetch(url)).json()).keys.map(({ kid }: { kid: string }) => kid);
  expect(await kids()).toEqual(['current', 'next']);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(await kids()).toEqual(['next']);
});

test.each<[string, unknown]>([
  ['jwksEndpoint: options must be an object', keys],
  ['jwksEndpoint: unknown option "key"; it takes keys', { key: current }],
  ['jwksEndpoint: "keys" must be a list of keys', {}],
  ['jwksEndpoint: keys[0] is a secret', { keys: [{ secret: 'fZ3kq0xN8vT1mB6yR4wL9cH2sJ7dG5pA' }] }],
])('%s', (message, options) => {
  expect(() => Reflect.apply(jwksEndpoint, undefined, [options])).toThrow(new TypeError(message));
});
