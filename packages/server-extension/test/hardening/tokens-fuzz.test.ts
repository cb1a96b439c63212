import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { pairs } from '../support/key-pairs.ts';
import { goodClaims, rawPart, rawSecret, rawToken, signRaw } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

const verifiers = [
  createVerifier({ secret: rawSecret }),
  createVerifier({
    secret: rawSecret,
    cacheSize: 0,
    requireExpiry: false,
    unscoped: 'write',
    issuer: 'i',
    audience: 'a',
  }),
  createVerifier({
    keys: [
      { kid: 'a', secret: rawSecret },
      ...pairs.map(({ alg, pair }) => ({ kid: alg, alg, publicKey: pair.publicKey })),
    ],
  }),
];

const REASONS = ['token-missing', 'token-invalid', 'token-expired'];

/** Whatever it is given: claims, or an `AuthError` with one of these reasons. */
async function expectAnswer(token: unknown): Promise<void> {
  for (const verify of verifiers) {
    const answer: Promise<unknown> = Reflect.apply(verify, undefined, [token]);
    const reason = await answer.then(
      () => 'accepted',
      () => refusalOf(answer),
    );
    if (reason !== 'accepted') expect(REASONS).toContain(reason);
  }
}

// An exception that is no AuthError ends the process of a Hocuspocus server, or shows a stack to a stranger.
describe('nothing but an AuthError ever leaves verify', () => {
  const claimNames = [
    ...[
      'sub',
      'sid',
      'jti',
      'name',
      'picture',
      'iss',
      'aud',
      'exp',
      'nbf',
      'iat',
      '__proto__',
      'constructor',
      'toJSON',
    ],
    ...['allowedDocumentNames', 'readonlyDocumentNames', 'commentDocumentNames', 'permissions', 'documents'],
  ];
  const claims = fc.dictionary(
    fc.oneof(fc.constantFrom(...claimNames), fc.string()),
    fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('*', 'a', ['a/*'], [{ action: 'Documents:Read', resource: '*' }], { a: 'read' }, 1e308, -1, 2e9),
    ),
  );

  test('any text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.base64String(),
          fc.string({ unit: fc.constantFrom('.', 'e', 'y', 'J', '=', '-') }),
        ),
        expectAnswer,
      ),
      { numRuns: 1_500 },
    ));

  test('anything that is no text', () =>
    fc.assert(fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }), expectAnswer), {
      numRuns: 1_000,
    }));

  test('three parts of any bytes, signed', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }), async (header, payload) => {
        await expectAnswer(signRaw(`${rawPart(header)}.${rawPart(payload)}`));
        await expectAnswer(rawToken(payload));
      }),
      { numRuns: 1_000 },
    ));

  test('any header', () => {
    const parameter = fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'cty', '__proto__', 'x');
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('HS256', 'ES256', 'RS256', 'PS256', 'ES384', 'none', 'JWT', 'a'),
    );
    return fc.assert(
      fc.asyncProperty(fc.dictionary(parameter, value), async (header) => {
        await expectAnswer(rawToken(goodClaims(), header));
        await expectAnswer(rawToken(goodClaims(), { alg: 'HS256', ...header }));
      }),
      { numRuns: 600 },
    );
  });

  test('any payload', () =>
    fc.assert(
      fc.asyncProperty(claims, async (payload) => {
        await expectAnswer(rawToken(payload));
        await expectAnswer(rawToken({ ...goodClaims(), ...payload }));
        await expectAnswer(rawToken({ ...goodClaims(), ...payload }, { alg: 'HS256' }));
      }),
      { numRuns: 600 },
    ));

  test('any JSON as payload', () =>
    fc.assert(
      fc.asyncProperty(fc.json(), (json) => expectAnswer(rawToken(json))),
      { numRuns: 1_000 },
    ));
});

// Whatever the signature does not cover is not part of the token.
describe('a good token that is changed anywhere is refused', () => {
  const tokens = [
    { alg: 'HS256', key: { secret: rawSecret } },
    ...pairs.map(({ alg, pair }) => ({ alg, key: { privateKey: pair.privateKey, alg } })),
  ].map(({ alg, key }) => {
    const sign = createSigner({ keys: [key], expiresIn: '1h' });
    const { token } = sign({ subject: 'ada', documents: { 'a/*': 'write', b: 'read' } });
    return { alg, token, verify: createVerifier({ keys: [key] }) };
  });

  test.for(tokens)('$alg: every bit of every character', async ({ token, verify }) => {
    await verify(token);
    for (let position = 0; position < token.length; position += 1) {
      for (let bit = 1; bit < 128; bit *= 2) {
        const changed = String.fromCharCode(token.charCodeAt(position) ^ bit);
        const other = token.slice(0, position) + changed + token.slice(position + 1);
        expect(await refusalOf(verify(other)), `bit ${bit} at ${position}`).toBe('token-invalid');
      }
    }
  });

  test.for(tokens)('$alg: every byte of every part', async ({ token, verify }) => {
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [at, bytes] of parts.entries()) {
      for (let position = 0; position < bytes.length; position += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(bytes.readUInt8(position) ^ (1 << (position % 8)), position);
        const other = parts.map((part, index) => rawPart(index === at ? changed : part)).join('.');
        expect(await refusalOf(verify(other))).toBe('token-invalid');
      }
    }
  });

  test.for(tokens)('$alg: every truncation, from either end', async ({ token, verify }) => {
    for (let length = 1; length < token.length; length += 1) {
      expect(await refusalOf(verify(token.slice(0, length)))).toBe('token-invalid');
      expect(await refusalOf(verify(token.slice(length)))).toBe('token-invalid');
    }
  });

  test('parts of two good tokens do not make a third', async () => {
    const sign = createSigner({ secret: rawSecret });
    const [mine, hers] = ['ada', 'eve'].map((subject) => sign({ subject, documents: {} }).token.split('.'));
    const verify = createVerifier({ secret: rawSecret });
    expect(await refusalOf(verify(`${mine?.[0]}.${hers?.[1]}.${mine?.[2]}`))).toBe('token-invalid');
  });
});
