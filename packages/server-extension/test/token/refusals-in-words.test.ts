import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { goodClaims, rawSecret, rawToken } from '../support/raw-token.ts';

const verify = createVerifier({ secret: rawSecret, issuer: 'i', audience: 'a' });
const lenient = createVerifier({ secret: rawSecret, issuer: 'i', audience: 'a', requireExpiry: false });
const now = 1_800_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1_000, toFake: ['Date'] });
});

afterEach(() => vi.useRealTimers());

const token = (claims: object, header: object = {}) =>
  rawToken({ ...goodClaims(), iss: 'i', aud: 'a', ...claims }, { alg: 'HS256', ...header });

test.for<[what: string, make: () => unknown, check?: typeof verify]>([
  ['it is not a text', () => 1],
  ['it is too long', () => 'x'.repeat(16_385)],
  ['it is not three parts', () => 'a.b'],
  ['it is not three parts', () => `${token({})}.`],
  ['it is not three parts', () => token({}).replace(/^[^.]+/, '')],
  ['it is not three parts', () => token({}).replace(/\.[^.]+\./, '..')],
  ['it is not canonical base64url', () => `${token({})}=`],
  ['its header is not an object', () => rawToken({}, '[]')],
  ['its header is not an object', () => rawToken({}, '{')],
  ['its header asks for what is not supported', () => token({}, { crit: [] })],
  ['its header has no alg', () => token({}, { alg: 1 })],
  ['its kid is malformed', () => token({}, { kid: 1 })],
  ['it is another type of token', () => token({}, { typ: 'x' })],
  ['no key verifies it', () => token({}, { alg: 'HS512' })],
  ['its signature does not match', () => `${token({})}AAAA`],
  ['its payload is not UTF-8', () => rawToken(Buffer.from('7b2261223a22ff227d', 'hex'))],
  ['its payload is not an object', () => rawToken('[]')],
  ['it comes from another issuer', () => token({ iss: 'x' })],
  ['it is meant for another audience', () => token({ aud: ['x'] })],
  ['exp is not a finite number', () => token({ exp: '1' })],
  ['nbf is not a finite number', () => token({ nbf: null })],
  ['it is not valid yet', () => token({ iat: now + 60 })],
  ['it has no exp', () => token({ exp: undefined })],
  ['it has neither exp nor iat', () => token({ exp: undefined, iat: undefined }), lenient],
  ['it lives longer than tokens may', () => token({ exp: now + 86_401 })],
  ['sid is not a text of up to 512 characters', () => token({ sid: 1 })],
])('%s', async ([what, make, check = verify]) => {
  const answer: Promise<unknown> = Reflect.apply(check, undefined, [make()]);
  await expect(answer).rejects.toMatchObject({ reason: 'token-invalid', message: `The token is not valid: ${what}.` });
});

test('the limits themselves are good', async () => {
  expect(await verify(token({ exp: now + 86_400 }))).toBeDefined();
  expect(await verify(token({ sub: 'x'.repeat(512) }))).toBeDefined();
  expect(await verify(token({}, { kid: 'x'.repeat(128) }))).toBeDefined();
  const ofLongKid = createVerifier({ keys: [{ secret: rawSecret, kid: 'x'.repeat(128) }] });
  expect(await ofLongKid(token({}, { kid: 'x'.repeat(128) }))).toBeDefined();
});
