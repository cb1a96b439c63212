import fc from 'fast-check';
import jsonwebtoken from 'jsonwebtoken';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AccessLevel, createSigner, createVerifier, type Grant } from '../../src/index.ts';
import { p256 } from '../support/key-pairs.ts';
import { naiveMostSpecific } from '../support/naive-matcher.ts';
import { rawSecret } from '../support/raw-token.ts';

const sign = createSigner({ secret: rawSecret });
const verify = createVerifier({ secret: rawSecret });
const ada = { subject: 'ada', documents: {} };

afterEach(() => vi.useRealTimers());

/** What a token says, as any reader of JWTs would see it. */
function payloadOf(grant: Grant, signWith = sign): Record<string, unknown> {
  const payload = jsonwebtoken.decode(signWith(grant).token, { json: true });
  if (!payload) throw new Error('not a token');
  return payload;
}

/** Calls as JavaScript does. */
const signAny = (grant: unknown) => Reflect.apply(sign, undefined, [grant]);

describe('what is issued', () => {
  test('a token, its end, and how far that is away', async () => {
    const { token, expiresAt, expiresInSeconds } = sign(ada);
    expect(expiresInSeconds).toBe(900);
    expect(Math.abs(expiresAt.getTime() - Date.now() - 900_000)).toBeLessThan(1_000);
    expect((await verify(token)).expiresAt).toEqual(expiresAt);
  });

  test.for([
    [60, 60],
    ['2h', 7_200],
    [0.5, 0.5],
    [undefined, 900],
  ] as const)('expiresIn %s is %s seconds', ([expiresIn, seconds]) => {
    const signer = createSigner({ secret: rawSecret, expiresIn });
    const { iat, exp } = payloadOf(ada, signer);
    expect(Number(exp) - Number(iat)).toBeCloseTo(seconds, 5);
    expect(signer(ada).expiresInSeconds).toBe(seconds);
  });

  test.for([0, -1, 'soon', Number.NaN, null])('%s is no expiresIn', (expiresIn) => {
    const create = () => Reflect.apply(createSigner, undefined, [{ secret: rawSecret, expiresIn }]);
    expect(create).toThrow(/^createSigner: "expiresIn" must be a duration/);
  });

  test('iat says the millisecond, and in it the order', () => {
    vi.useFakeTimers({ now: 1_800_000_000_123, toFake: ['Date'] });
    expect(payloadOf(ada).iat).toBe(1_800_000_000.123);
    expect(payloadOf(ada)).toMatchObject({ iat: 1_800_000_000.123001, exp: 1_800_000_900.123001 });
  });

  test('what it says about the person, where it comes from and whom it is for', () => {
    const signer = createSigner({ secret: rawSecret, issuer: 'https://app.example', audience: 'collab' });
    const grant = {
      ...ada,
      session: 's1',
      name: 'Ada',
      picture: 'https://a.example/ada.png',
      claims: { plan: 'pro', n: [1] },
    };
    expect(payloadOf(grant, signer)).toEqual({
      iss: 'https://app.example',
      aud: 'collab',
      sub: 'ada',
      sid: 's1',
      name: 'Ada',
      picture: 'https://a.example/ada.png',
      plan: 'pro',
      n: [1],
      allowedDocumentNames: [],
      readonlyDocumentNames: [],
      commentDocumentNames: [],
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  test('nothing that was not given', () => {
    const grant = { ...ada, session: undefined, name: undefined, picture: undefined, claims: undefined };
    expect(Object.keys(payloadOf(grant)).sort()).toEqual(
      ['allowedDocumentNames', 'commentDocumentNames', 'exp', 'iat', 'jti', 'readonlyDocumentNames', 'sub'].sort(),
    );
  });

  test('each token has an id of its own', () => {
    expect(payloadOf(ada).jti).not.toBe(payloadOf(ada).jti);
  });

  test('the header says how it is signed, and with which key', () => {
    const headerOf = (signer: typeof sign) => jsonwebtoken.decode(signer(ada).token, { complete: true })?.header;
    expect(headerOf(sign)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const keys = [{ kid: 'k1', privateKey: p256.privateKey, alg: 'ES256' }] as const;
    expect(headerOf(createSigner({ keys }))).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'k1' });
  });
});

describe('the style of the claims', () => {
  test.for<
    [why: string, documents: Grant['documents'], lists: [allowed: string[], readonly: string[], comment: string[]]]
  >([
    ['nothing', {}, [[], [], []]],
    ['each level', { a: 'write', b: 'read', c: 'comment', d: 'none' }, [['a'], ['b', 'c'], ['c']]],
    ['reading inside writing', { 'team/*': 'write', 'team/handbook': 'read' }, [['team/*'], ['team/handbook'], []]],
    ['commenting inside writing', { '*': 'write', 'c/*': 'comment' }, [['*'], ['c/*'], ['c/*']]],
    ['commenting inside reading', { '*': 'read', 'c/*': 'comment' }, [[], ['*', 'c/*'], ['c/*']]],
    ['nothing outside', { '*': 'none', 'a/*': 'write' }, [['a/*'], [], []]],
  ])('lists of names say the same: %s', ([, documents, [allowed, readonly, comment]]) => {
    const payload = payloadOf({ ...ada, documents });
    expect(payload).toMatchObject({
      allowedDocumentNames: allowed,
      readonlyDocumentNames: readonly,
      commentDocumentNames: comment,
    });
    expect(payload).not.toHaveProperty('documents');
  });

  test.for<[why: string, documents: Grant['documents']]>([
    ['writing inside reading', { '*': 'read', 'a/*': 'write' }],
    ['reading inside commenting', { 'a/*': 'comment', 'a/b': 'read' }],
    ['writing inside commenting', { 'a/*': 'comment', 'a/b': 'write' }],
    ['nothing inside writing', { '*': 'write', 'secret/*': 'none' }],
    ['nothing inside reading, two levels down', { '*': 'read', 'a/*': 'read', 'a/b': 'none' }],
  ])('only documents can say it: %s', ([, documents]) => {
    const payload = payloadOf({ ...ada, documents });
    expect(payload.documents).toEqual(documents);
    for (const list of ['allowedDocumentNames', 'readonlyDocumentNames', 'commentDocumentNames']) {
      expect(payload).not.toHaveProperty(list);
    }
  });
});

describe('sign, then verify, gives back exactly the grant', () => {
  const level = fc.constantFrom<AccessLevel | 'none'>('read', 'comment', 'write', 'none');

  test('for every name of a small alphabet', () => {
    const names = ['a', 'b', '/'].flatMap((x) =>
      ['', 'a', 'b', '/'].flatMap((y) => ['', 'a', 'b'].map((z) => x + y + z)),
    );
    const pattern = fc.stringMatching(/^[ab/]{0,3}\*?$/).filter((text) => text !== '');
    return fc.assert(
      fc.asyncProperty(fc.dictionary(pattern, level, { maxKeys: 7, noNullPrototype: true }), async (documents) => {
        const { access } = await verify(sign({ subject: 'ada', documents }).token);
        for (const name of names) {
          const entry = naiveMostSpecific(Object.keys(documents), name);
          expect(access.levelFor(name) ?? 'none').toBe(entry === undefined ? 'none' : documents[entry]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('for names of any characters', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => `n${text}n`.replace(/[*\p{Control}\p{Format}\p{Surrogate}\u2028\u2029\ufffd]/gu, ''));
    const pattern = fc.tuple(name, fc.constantFrom('', '/*', '*')).map((parts) => parts.join(''));
    return fc.assert(
      fc.asyncProperty(fc.dictionary(pattern, level, { maxKeys: 10 }), fc.array(name), async (documents, names) => {
        const { access } = await verify(sign({ subject: 'ada', documents }).token);
        for (const each of [...names, ...Object.keys(documents).map((text) => text.replace('*', 'x'))]) {
          const entry = naiveMostSpecific(Object.keys(documents), each);
          expect(access.levelFor(each) ?? 'none').toBe(entry === undefined ? 'none' : documents[entry]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('with everything else it says', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
    const person = fc.record(
      { subject: text, session: text, name: text, picture: text },
      { requiredKeys: ['subject'] },
    );
    const own = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }), {
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(person, own, async (who, claims) => {
        const { subject, session, name, picture, payload } = await verify(
          sign({ ...who, documents: {}, claims }).token,
        );
        expect({ subject, session, name, picture }).toEqual({
          session: undefined,
          name: undefined,
          picture: undefined,
          ...who,
        });
        expect(payload).toMatchObject(JSON.parse(JSON.stringify(claims)));
      }),
    );
  });
});

describe('a malformed grant is a TypeError that names the entry', () => {
  test.for<[documents: unknown, message: string]>([
    [{ 'a*b': 'read' }, 'sign: documents["a*b"] is not a pattern: * stands only at the end'],
    [{ '': 'read' }, 'sign: documents[""] has an empty name'],
    [{ 'a**': 'read' }, 'sign: documents["a**"] is not a pattern: * stands only at the end'],
    [{ 'a/../b': 'read' }, 'sign: documents["a/../b"] contains a segment that is . or ..'],
    [{ ' a': 'read' }, 'sign: documents[" a"] begins or ends with white space'],
    [{ constructor: 'read' }, 'sign: documents["constructor"] is a name that every JavaScript object already has'],
    [
      JSON.parse('{"__proto__":"read"}'),
      'sign: documents["__proto__"] is a name that every JavaScript object already has',
    ],
    [{ ok: 'read', a: 'owner' }, 'sign: documents["a"] must be read, comment, write or none'],
    [{ a: undefined }, 'sign: documents["a"] must be read, comment, write or none'],
    [{ a: 'toString' }, 'sign: documents["a"] must be read, comment, write or none'],
    [undefined, 'sign: "documents" must be an object of names or patterns, and levels'],
    [null, 'sign: "documents" must be an object of names or patterns, and levels'],
    [['a'], 'sign: "documents" must be an object of names or patterns, and levels'],
    [new Map([['a', 'read']]), 'sign: "documents" must be an object of names or patterns, and levels'],
    ['*', 'sign: "documents" must be an object of names or patterns, and levels'],
  ])('documents %j', ([documents, message]) => {
    expect(() => signAny({ subject: 'ada', documents })).toThrow(new TypeError(message));
  });

  test.for<[grant: unknown, message: string]>([
    [undefined, 'sign: options must be an object'],
    [{ documents: {} }, 'sign: "subject" is missing'],
    [{ ...ada, subject: '' }, 'sign: "subject" must be a text of up to 512 characters'],
    [{ ...ada, subject: 7 }, 'sign: "subject" must be a text of up to 512 characters'],
    [{ ...ada, session: null }, 'sign: "session" must be a text of up to 512 characters'],
    [{ ...ada, name: '' }, 'sign: "name" must be a text of up to 512 characters'],
    [{ ...ada, picture: 'x'.repeat(513) }, 'sign: "picture" must be a text of up to 512 characters'],
    [
      { ...ada, role: 'admin' },
      'sign: unknown option "role"; it takes subject, session, name, picture, documents, claims',
    ],
    [{ ...ada, claims: null }, 'sign: "claims" must be an object'],
    [{ ...ada, claims: ['a'] }, 'sign: "claims" must be an object'],
    [{ ...ada, claims: { toJSON: () => ({}) } }, 'sign: "claims" has a function as "toJSON"'],
  ])('%#: %j', ([grant, message]) => {
    expect(() => signAny(grant)).toThrow(new TypeError(message));
  });

  test.for([
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sid', 'name', 'picture', 'permissions', 'documents'],
    ...['allowedDocumentNames', 'readonlyDocumentNames', 'commentDocumentNames'],
  ])('claims may not contain %s', (claim) => {
    expect(() => sign({ ...ada, claims: { [claim]: 'x' } })).toThrow(
      new TypeError(`sign: "claims" may not contain "${claim}"`),
    );
  });

  test('a text of 512 characters is none', () => {
    expect(payloadOf({ ...ada, name: 'x'.repeat(512) }).name).toHaveLength(512);
  });

  test('a token over 6 KiB, which proxies would cut', () => {
    const padded = (length: number) =>
      sign({ ...ada, claims: { pad: 'x'.repeat(length) } }, { issuedAt: 1_800_000_000_000 }).token;
    const longest = Math.floor(((6_144 - padded(0).length) * 3) / 4);
    expect(padded(longest)).toHaveLength(6_144);
    expect(() => padded(longest + 1)).toThrow(
      new TypeError('sign: the token would be longer than 6144 bytes: grant fewer documents, or patterns'),
    );
  });
});

test('issuedAt says when the grant was decided, to the microsecond; by default that is now', () => {
  const signShort = createSigner({ secret: rawSecret, expiresIn: 60 });
  const at = Date.now() - 5_000 + 0.25;
  const payload = payloadOf(ada, (grant) => signShort(grant, { issuedAt: at }));
  expect(payload.iat).toBeCloseTo(at / 1_000, 6);
  expect(payload.exp).toBeCloseTo(at / 1_000 + 60, 6);
  expect(payloadOf(ada).iat).toBeGreaterThan(at / 1_000 + 4);
  expect(() => sign(ada, { issuedAt: Number.NaN })).toThrow(/"issuedAt"/);
});
