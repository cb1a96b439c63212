import { describe, expect, test } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { rawPart, rawSecret, rawToken, signRaw } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

/*
 * Tokens that two readers might read differently. They are signed, so they do no harm alone; but what one part of a
 * system checks and another uses must be the same.
 */

const verify = createVerifier({ secret: rawSecret });
const refused = (token: string) => refusalOf(verify(token));
const now = () => Math.floor(Date.now() / 1_000);

/** A payload as text, because no object can say this. */
const payload = (...members: string[]) => `{"sub":"ada","iat":${now()},"exp":${now() + 60},${members.join()}}`;
const levels = async (token: string, ...names: string[]) => {
  const { access } = await verify(token);
  return names.map((name) => access.levelFor(name));
};

// RFC 7515 and RFC 7519, section 4: refuse, or take the lexically last. All parts of hocuspass take the last.
describe('of a name that stands twice the last counts', () => {
  test('in a header', async () => {
    const good = payload('"allowedDocumentNames":["a"]');
    expect(await refused(rawToken(good, '{"alg":"HS256","alg":"none"}'))).toBe('token-invalid');
    expect(await refused(rawToken(good, '{"typ":"JWT","alg":"HS256","typ":"dpop+jwt"}'))).toBe('token-invalid');
    expect(await verify(rawToken(good, '{"alg":"none","alg":"HS256"}'))).toMatchObject({ subject: 'ada' });
  });

  test('in a payload, and in what it grants', async () => {
    const twice = rawToken(payload('"sub":"eve"', '"documents":{"a":"write"}', '"documents":{"a":"none","b":"read"}'));
    expect(await verify(twice)).toMatchObject({ subject: 'eve' });
    expect(await levels(twice, 'a', 'b')).toEqual([undefined, 'read']);
    expect(await levels(rawToken(payload('"documents":{"a":"write","a":"none"}')), 'a')).toEqual([undefined]);
    expect(await refused(rawToken(payload('"documents":{}', '"exp":"never"')))).toBe('token-invalid');
  });
});

test('a forbidden parameter cannot be hidden by escapes', async () => {
  for (const name of ['\\u0063rit', 'j\\u0077k', '\\u006aku', 'x5\\u0063']) {
    const header = `{"alg":"HS256","${name}":["x"]}`;
    expect(await refused(rawToken(payload('"documents":{}'), header))).toBe('token-invalid');
  }
});

test('names of parameters and claims have one spelling', async () => {
  expect(await refused(rawToken(payload('"documents":{}'), '{"ALG":"HS256"}'))).toBe('token-invalid');
  expect(await levels(rawToken(payload('"Documents":{"a":"write"}', '"alloweddocumentnames":["a"]')), 'a')).toEqual([
    undefined,
  ]);
});

test('a number is what it says, however it is written', async () => {
  const expiring = (exp: string) => rawToken(`{"sub":"ada","iat":${now()},"exp":${exp},"documents":{}}`);
  expect((await verify(expiring(`${now() + 60}e0`))).subject).toBe('ada');
  expect(await refused(expiring('-0'))).toBe('token-expired');
  // More than a double can hold: Infinity, which is never over.
  for (const endless of ['1e999', '9'.repeat(400), `1${'0'.repeat(310)}`]) {
    expect(await refused(expiring(endless))).toBe('token-invalid');
  }
});

// Names of the object's own, never those that it inherits (prototype pollution).
test('__proto__ and constructor in a grant are names like others', async () => {
  const granted = rawToken(payload('"documents":{"__proto__":"read","constructor":"comment"}'));
  expect(await levels(granted, '__proto__', 'constructor', 'toString')).toEqual(['read', 'comment', undefined]);
  const inherited = rawToken(payload('"__proto__":{"documents":{"*":"write"}}'));
  expect(await levels(inherited, 'a')).toEqual([undefined]);
  const permission = '"action":"Documents:Write","resource":"*"';
  for (const members of [`${permission},"__proto__":{"constraints":{"prefix":"a"}}`, `"__proto__":{${permission}}`]) {
    expect(await refused(rawToken(payload(`"permissions":[{${members}}]`)))).toBe('token-invalid');
  }
});

test('a polluted prototype grants nothing', async ({ onTestFinished }) => {
  const pollution = { allowedDocumentNames: ['*'], documents: { '*': 'write' } };
  for (const [name, value] of Object.entries(pollution)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(Object.prototype, name));
  }
  expect(await levels(rawToken(payload('"nonce":"x"')), 'a')).toEqual([undefined]);
  expect(await levels(rawToken(payload('"readonlyDocumentNames":["b"]')), 'a', 'b')).toEqual([undefined, 'read']);
});

test('a polluted prototype stands in for no claim', async ({ onTestFinished }) => {
  const now = Date.now() / 1_000;
  const claims = { iss: 'https://app.example', aud: 'collab', sub: 'ada', sid: 's1', iat: now, exp: now + 60 };
  const verify = createVerifier({ secret: rawSecret, issuer: claims.iss, audience: claims.aud });
  const [whole, ...lacking] = ['name', 'iss', 'aud', 'exp', 'sub'].map((left) =>
    rawToken({ ...claims, documents: {}, [left]: undefined }),
  );
  for (const [name, value] of Object.entries({ ...claims, name: 'Ada' })) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(Object.prototype, name));
  }
  const [noIss = '', noAud = '', noExp = '', noSub = ''] = lacking;
  for (const token of [noIss, noAud, noExp]) expect(await refusalOf(verify(token))).toBe('token-invalid');
  expect(Object.keys(await verify(noSub))).not.toContain('subject');
  expect(Object.keys(await verify(whole ?? ''))).not.toContain('name');
});

test('half a character in a pattern does not become another one', async () => {
  const half = rawToken(payload('"allowedDocumentNames":["\\ud83d","a\\udcc4*"]'));
  expect(await levels(half, '\ufffd', '📄', 'a', 'a\ufffdb', 'a📄')).toEqual(Array.from({ length: 5 }));
});

test('a kid cannot be put together with an alg', async () => {
  const keys = [
    { kid: 'a', secret: rawSecret },
    { kid: 'HS256 a', secret: `${rawSecret}, another` },
  ];
  const select = createVerifier({ keys });
  for (const header of [
    { alg: 'HS256 HS256', kid: 'a' },
    { alg: 'HS256', kid: ' a' },
    { alg: 'HS256', kid: 'HS256 a' },
  ]) {
    const text = `${rawPart(header)}.${rawPart(payload('"documents":{}'))}`;
    expect(await refusalOf(select(signRaw(text)))).toBe('token-invalid');
  }
});

test('thousands of patterns, and thousands of levels of nesting, harm nobody', async () => {
  const many = Array.from({ length: 1_200 }, (_, i) => `"n${i}*"`).join();
  const nested = Array.from({ length: 140 }, (_, i) => `"${'a'.repeat(i)}*"`).join();
  const start = performance.now();
  expect(await levels(rawToken(payload(`"allowedDocumentNames":[${many}]`)), 'n1199x', 'm')).toEqual([
    'write',
    undefined,
  ]);
  expect(await levels(rawToken(payload(`"allowedDocumentNames":[${nested}]`)), 'a'.repeat(512))).toEqual(['write']);
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  for (const claim of ['permissions', 'documents', 'sub']) {
    expect(await refused(rawToken(payload(`"${claim}":${deep}`)))).toBe('token-invalid');
  }
  expect(performance.now() - start).toBeLessThan(1_000);
});
