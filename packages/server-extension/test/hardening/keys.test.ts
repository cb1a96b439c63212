import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { toPublicJwks } from '../../src/token/to-jwks.ts';
import { p256, p384, pairs, rsa2048 } from '../support/key-pairs.ts';
import { goodClaims, rawSecret, rawToken } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

/** Calls without the compiler in between, as JavaScript and configuration files do. */
const create = (options: unknown) => Reflect.apply(createVerifier, undefined, [options]);
const createSigning = (options: unknown) => Reflect.apply(createSigner, undefined, [options]);
const pem = { type: 'pkcs8', format: 'pem' } as const;
const publicPem = p256.publicKey.export({ type: 'spki', format: 'pem' }).toString();

// Short secrets are guessed offline from a single token (RFC 8725, section 3.5; RFC 7518, section 3.2).
describe('a secret shorter than its hash is refused', () => {
  test.for([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('%s needs %s bytes', ([alg, bytes]) => {
    const long = randomBytes(bytes);
    expect(() => createVerifier({ keys: [{ secret: long, alg }] })).not.toThrow();
    expect(() => createVerifier({ keys: [{ secret: long.subarray(1), alg }] })).toThrow(
      new TypeError(`createVerifier: keys[0]: "secret" must be at least ${bytes} bytes long for ${alg}`),
    );
  });

  test('text counts as its UTF-8 bytes, and is never decoded', () => {
    const decodesTo32 = randomBytes(32).toString('base64');
    expect(() => createVerifier({ secret: decodesTo32.slice(0, 31) })).toThrow('at least 32 bytes');
    expect(() => createVerifier({ secret: 'aé文📄bcdefghijklmnopqrst/5Z' })).not.toThrow();
  });

  test('an empty one is answered with where to look', () => {
    for (const secret of ['', new Uint8Array()]) {
      expect(() => createVerifier({ secret })).toThrow(
        new TypeError('createVerifier: "secret" is empty: is the environment variable that holds it set?'),
      );
    }
  });

  test('a signer needs the same', () => {
    expect(() => createSigner({ secret: 'short but random 6F2' })).toThrow(
      'createSigner: "secret" must be at least 32',
    );
  });
});

// Huly shipped with the default secret "secret"; jwt.io's own examples are found on servers (CVE-2018-1000539 and others).
test.for([
  ...[
    'secret',
    'changeme',
    'undefined',
    'null',
    '[object Object]',
    'your-256-bit-secret',
    'YOUR_SECRET_KEY',
    'password',
  ],
  'a-string-secret-at-least-256-bits-long',
  'your-512-bit-secret-your-512-bit-secret-your-512-bit-secret-1234',
  'please-change-me-to-a-long-random-string!!',
  'CHANGE_THIS_SECRET_IN_PRODUCTION_1234567890',
  'secretsecretsecretsecretsecretsecret',
  'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
])('a placeholder is no secret: %s', (secret) => {
  for (const value of [secret, Buffer.from(secret)]) {
    expect(() => createVerifier({ secret: value })).toThrow(/^createVerifier: "secret" is a placeholder/);
  }
});

test('random secrets are never taken for placeholders', () => {
  for (let round = 0; round < 200; round += 1) {
    const bytes = randomBytes(48);
    for (const secret of [bytes, bytes.toString('base64'), bytes.toString('hex')]) {
      expect(() => createVerifier({ secret })).not.toThrow();
    }
  }
});

// Right length, no entropy.
test.for([
  'q'.repeat(32),
  '\u0000'.repeat(64),
  '0123456789abcdef'.repeat(2),
  'qz'.repeat(20),
  `${'xyz7'.repeat(10)}xy`,
])('a secret that repeats itself is refused', (secret) => {
  expect(() => createVerifier({ secret })).toThrow('"secret" repeats itself');
  expect(() => createVerifier({ secret: Buffer.from(secret) })).toThrow('"secret" repeats itself');
});

// A public key used as an HMAC secret is known to everybody (CVE-2015-9235, CVE-2016-10555).
test('text that looks like a PEM or a JWK is no secret', () => {
  const texts = [
    publicPem,
    `  ${publicPem}`,
    JSON.stringify(p256.publicKey.export({ format: 'jwk' })),
    `\n  ${JSON.stringify(p256.publicKey.export({ format: 'jwk' }))}`,
    JSON.stringify({ use: 'sig', ...p256.publicKey.export({ format: 'jwk' }) }, undefined, 2),
  ];
  for (const secret of texts) {
    expect(() => createVerifier({ secret })).toThrow('"secret" looks like a PEM or JWK');
    expect(() => createVerifier({ keys: [{ secret: Buffer.from(secret) }] })).toThrow(
      '"secret" looks like a PEM or JWK',
    );
  }
});

test('text that only goes on like a JWK is a secret', () => {
  expect(() => createVerifier({ secret: `${rawSecret}{"kty":"oct"}` })).not.toThrow();
});

test.for([null, 42, true, {}, ['a'], createSecretKey(randomBytes(32))])('a secret must be text or bytes', (secret) => {
  expect(() => create({ secret })).toThrow(new TypeError('createVerifier: "secret" must be text or bytes'));
  expect(() => createSigning({ secret })).toThrow(new TypeError('createSigner: "secret" must be text or bytes'));
});

// An unset environment variable must not switch a check off.
test.for(['secret', 'keys', 'jwks', 'algorithms', 'issuer', 'audience', 'revocations'])(
  '%s may not be undefined',
  (option) => {
    expect(() => create({ secret: rawSecret, [option]: undefined })).toThrow(
      new TypeError(`createVerifier: "${option}" is undefined`),
    );
  },
);

test.for(['secret', 'keys', 'issuer', 'audience'])('nor may %s of a signer', (option) => {
  expect(() => createSigning({ secret: rawSecret, [option]: undefined })).toThrow(
    new TypeError(`createSigner: "${option}" is undefined`),
  );
});

// A key file that is not one must not end as something else: jsonwebtoken takes an unparsable public key for a secret.
describe('what is not a key of the declared kind is refused', () => {
  const notKeys = [
    '',
    'text',
    rawSecret,
    publicPem.replace('M', 'N').slice(0, 80),
    {},
    { kty: 'EC' },
    null,
    1,
    randomBytes(64),
  ];

  test.for(notKeys)('%#', (input) => {
    expect(() => create({ keys: [{ publicKey: input, alg: 'ES256' }] })).toThrow(
      /"publicKey" must be a public key for ES256/,
    );
    expect(() => create({ keys: [{ privateKey: input, alg: 'ES256' }] })).toThrow(/"privateKey" must be a private key/);
  });

  test('a secret is no public key', () => {
    const secret = createSecretKey(randomBytes(32));
    for (const input of [secret, secret.export({ format: 'jwk' })]) {
      expect(() => create({ keys: [{ publicKey: input, alg: 'ES256' }] })).toThrow('"publicKey" must be a public key');
      expect(() => create({ keys: [{ privateKey: input, alg: 'RS256' }] })).toThrow(
        '"privateKey" must be a private key',
      );
    }
  });

  test('a JWK says what it is for', () => {
    const jwk = p256.publicKey.export({ format: 'jwk' });
    expect(() => create({ keys: [{ publicKey: { ...jwk, use: 'sig', alg: 'ES256' }, alg: 'ES256' }] })).not.toThrow();
    expect(() => create({ keys: [{ publicKey: { ...jwk, use: 'enc' }, alg: 'ES256' }] })).toThrow(TypeError);
    expect(() => create({ keys: [{ publicKey: { ...jwk, alg: 'ES384' }, alg: 'ES256' }] })).toThrow(TypeError);
  });

  test('messages never contain the key', () => {
    const damaged = p256.privateKey.export(pem).toString().replace('-----END', '----END');
    const secret = 'qwx-short-but-secret';
    for (const options of [
      { keys: [{ privateKey: damaged, alg: 'ES256' }] },
      { secret },
      { keys: [{ secret, kid: 3 }] },
    ]) {
      const error: unknown = (() => {
        try {
          return create(options);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(TypeError);
      const { message, cause } = error instanceof Error ? error : new Error();
      expect(message).not.toContain('qwx');
      expect(message).not.toContain(damaged.slice(40, 60));
      expect(cause).toBeUndefined();
    }
  });
});

// RFC 7518, sections 3.3 to 3.5: the algorithm fixes curve and length.
describe('a key must fit its algorithm', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  const ed = generateKeyPairSync('ed25519');
  const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });

  test.for([
    ['ES256', p384, 'an EC key on the curve P-256'],
    ['ES384', p256, 'an EC key on the curve P-384'],
    ['ES256', k256, 'an EC key on the curve P-256'],
    ['ES256', rsa2048, 'an EC key on the curve P-256'],
    ['ES256', ed, 'an EC key on the curve P-256'],
    ['RS256', p256, 'an RSA key of at least 2048 bits'],
    ['RS256', weak, 'an RSA key of at least 2048 bits'],
    ['PS256', weak, 'an RSA key of at least 2048 bits'],
    ['RS256', pss, 'an RSA key of at least 2048 bits'],
  ] as const)('%s', ([alg, { publicKey, privateKey }, must]) => {
    expect(() => createVerifier({ keys: [{ publicKey, alg }] })).toThrow(
      new TypeError(`createVerifier: keys[0]: "publicKey" must be ${must} for ${alg}`),
    );
    expect(() => createSigner({ keys: [{ privateKey, alg }] })).toThrow(
      new TypeError(`createSigner: keys[0]: "privateKey" must be ${must} for ${alg}`),
    );
  });
});

// What a verifier holds must not be able to sign.
test.for(pairs)('a private $alg key given to a verifier is reduced to its public half', async ({ alg, pair }) => {
  const { token } = createSigner({ keys: [{ privateKey: pair.privateKey, alg }] })({ subject: 'ada', documents: {} });
  const asPem = pair.privateKey.export(pem).toString();
  const asJwk = pair.privateKey.export({ format: 'jwk' });
  for (const input of [pair.privateKey, asPem, asJwk]) {
    for (const key of [
      { publicKey: input, alg },
      { privateKey: input, alg },
    ]) {
      expect((await createVerifier({ keys: [key] })(token)).subject).toBe('ada');
    }
  }
});

test('a public key given to a signer is refused', () => {
  const { publicKey } = p256;
  expect(() => createSigner({ keys: [{ publicKey, alg: 'ES256' }] })).toThrow('"keys" has none that can sign');
  for (const input of [publicKey, publicPem, publicKey.export({ format: 'jwk' })]) {
    expect(() => createSigner({ keys: [{ privateKey: input, alg: 'ES256' }] })).toThrow(
      'must be a private key for ES256',
    );
  }
});

test('halves of two different pairs are not one key', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { privateKey: p256.privateKey, publicKey: other.publicKey, alg: 'ES256' } as const;
  expect(() => createSigner({ keys: [key] })).toThrow('"publicKey" is not the public half of "privateKey"');
  expect(() => createSigner({ keys: [{ ...key, publicKey: p256.publicKey }] })).not.toThrow();
  expect(() => createSigner({ keys: [{ ...key, publicKey: 'text' }] })).toThrow('"publicKey" must be a public key');
});

// RFC 8725, section 3.1: one algorithm per key, and none of them is "none" (CVE-2015-2951, CVE-2022-23540).
test.for(['none', 'None', 'NONE', '', 'HS1', 'ES512', 'EdDSA', 'constructor', null, ['HS256'], ['ES256'], 1])(
  '%j is not an alg',
  (alg) => {
    expect(() => create({ keys: [{ secret: rawSecret, alg }] })).toThrow(/"alg" must be one of HS256, HS384, HS512/);
    expect(() => create({ keys: [{ publicKey: p256.publicKey, alg }] })).toThrow(
      /"alg" must be one of ES256, ES384, RS256/,
    );
  },
);

test('a secret has no alg of key pairs, and a key pair none of secrets', () => {
  expect(() => create({ keys: [{ secret: rawSecret, alg: 'ES256' }] })).toThrow('"alg" must be one of HS256');
  expect(() => create({ keys: [{ publicKey: publicPem, alg: 'HS256' }] })).toThrow('"alg" must be one of ES256');
  expect(() => create({ keys: [{ publicKey: publicPem }] })).toThrow('"alg" must be one of ES256');
  expect(() => create({ keys: [{ secret: rawSecret, publicKey: publicPem, alg: 'ES256' }] })).toThrow('needs either');
  expect(() => create({ keys: [{ alg: 'ES256' }] })).toThrow('needs either');
});

test('the same kid twice is refused, because it selects', () => {
  const keys = [
    { kid: 'a', secret: rawSecret },
    { kid: 'b', secret: rawSecret },
    { kid: 'a', publicKey: publicPem, alg: 'ES256' },
  ];
  expect(() => create({ keys })).toThrow('createVerifier: "keys" has the same "kid" twice');
});

test('keys without a kid do not have the same one', () => {
  const keys = [{ secret: rawSecret }, { publicKey: publicPem, alg: 'ES256' }] as const;
  expect(() => createVerifier({ keys })).not.toThrow();
});

test.for([null, 1, '', 'x'.repeat(129), ['a']])('%j is not a kid', (kid) => {
  expect(() => create({ keys: [{ secret: rawSecret, kid }] })).toThrow('keys[0]: "kid" must be a text of up to 128');
});

test.for([null, 0, '2030-01-01', new Date(Number.NaN)])('%j is not a notAfter', (notAfter) => {
  expect(() => create({ keys: [{ secret: rawSecret, notAfter }] })).toThrow('keys[0]: "notAfter" must be a date');
});

// A misspelled option is a check that does not happen.
test('unknown options are refused, by name', () => {
  expect(() => create({ secret: rawSecret, isuer: 'x' })).toThrow('createVerifier: unknown option "isuer"');
  expect(() => create({ secret: rawSecret, ignoreExpiration: true })).toThrow('unknown option "ignoreExpiration"');
  expect(() => create({ keys: [{ secret: rawSecret, algorithm: 'HS512' }] })).toThrow(
    'keys[0]: unknown option "algorithm"',
  );
  expect(() => createSigning({ secret: rawSecret, expires: '1h' })).toThrow('createSigner: unknown option "expires"');
  expect(() => createSigning({ jwks: 'https://a.example' })).toThrow('createSigner: unknown option "jwks"');
  expect(() => create(undefined)).toThrow('createVerifier: options must be an object');
});

test('exactly one kind of keys is given', () => {
  const jwks = 'https://keys.example/jwks.json';
  expect(() => create({})).toThrow('createVerifier: needs exactly one of "secret", "keys", "jwks"');
  expect(() => create({ secret: rawSecret, keys: [{ secret: rawSecret }] })).toThrow('needs exactly one of');
  expect(() => create({ secret: rawSecret, jwks, algorithms: ['ES256'] })).toThrow('needs exactly one of');
  expect(() => create({ secret: rawSecret, algorithms: ['HS256'] })).toThrow('"algorithms" belongs to "jwks"');
  expect(() => createSigning({})).toThrow('createSigner: needs exactly one of "secret", "keys"');
  expect(() => createSigning({ secret: rawSecret, keys: [{ secret: rawSecret }] })).toThrow('needs exactly one of');
  for (const keys of [[], {}, null, 'text']) expect(() => create({ keys })).toThrow('"keys" must be a list of keys');
  for (const key of [null, 'text', []])
    expect(() => create({ keys: [key] })).toThrow('keys[0]: options must be an object');
});

// Keys fetched without TLS are whoever's stands in between; those on other ports and files are nobody's business.
describe('remote sets', () => {
  test.for([
    'https://keys.example/jwks.json',
    'http://localhost:3000/jwks',
    'http://127.0.0.1/jwks',
    'http://127.80.10.11/jwks',
    'http://[::1]:80/jwks',
  ])('%s is an address for keys', (jwks) => {
    expect(() => createVerifier({ jwks, algorithms: ['ES256'] })).not.toThrow();
    expect(() => createVerifier({ jwks: new URL(jwks), algorithms: ['RS256', 'PS256'] })).not.toThrow();
  });

  test.for([
    ...[
      '',
      'jwks.json',
      'http://keys.example/jwks',
      'ftp://localhost/jwks',
      'file:///jwks',
      'data:application/json,{}',
      null,
    ],
    ...[
      'http://localhost.example/',
      'http://127.0.0.1.example/',
      'http://0.0.0.0/',
      'https://a:b@keys.example/',
      'https://a@k.example/',
      'https://:b@k.example/',
    ],
  ])('%s is not', (jwks) => {
    expect(() => create({ jwks, algorithms: ['ES256'] })).toThrow(/^createVerifier: "jwks" must be an https address/);
  });

  test.for([[], ['none'], ['HS256'], ['ES256', 'HS256'], 'ES256', null, {}])('%j are not algorithms', (algorithms) => {
    const jwks = 'https://keys.example/jwks.json';
    const refusal = new TypeError('createVerifier: "algorithms" must list some of ES256, ES384, RS256, PS256');
    expect(() => create({ jwks, algorithms })).toThrow(refusal);
    expect(() => create({ jwks })).toThrow(refusal);
  });
});

// A secret in a public key set would be everybody's.
test('a key set that is published holds no secrets and no private parts', () => {
  expect(() => toPublicJwks([{ secret: rawSecret }])).toThrow(new TypeError('jwksEndpoint: keys[0] is a secret'));
  expect(() => toPublicJwks([])).toThrow(new TypeError('jwksEndpoint: "keys" must be a list of keys'));
  for (const { alg, pair } of pairs) {
    const [jwk] = toPublicJwks([{ privateKey: pair.privateKey, alg, kid: 'a' }]).keys;
    expect(jwk).toMatchObject({ alg, kid: 'a', use: 'sig' });
    for (const secretPart of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(secretPart);
  }
});

test('a key file handed in as bytes of a secret cannot verify what the public key signs', async () => {
  // The classic: HS256 over the public PEM. Even a verifier that holds that very key refuses it.
  const token = rawToken(goodClaims());
  const verify = createVerifier({ keys: [{ publicKey: publicPem, alg: 'ES256' }] });
  expect(await refusalOf(verify(token))).toBe('token-invalid');
});
