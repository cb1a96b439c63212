import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createRevocations,
  createSigner,
  createVerifier,
  type RevocationStore,
  type Revocations,
} from '../../src/index.ts';
import { p256 } from '../support/key-pairs.ts';
import { goodClaims, rawSecret, rawToken } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

const create = (options: object) => createVerifier({ secret: rawSecret, ...options });
const createAny = (options: object) => Reflect.apply(createVerifier, undefined, [{ secret: rawSecret, ...options }]);
const now = () => Math.floor(Date.now() / 1_000);

afterEach(() => vi.useRealTimers());

test('claims are typed', async () => {
  const iat = now();
  const extra = { sid: 's1', jti: 't1', name: 'Ada', picture: 'https://a.example/ada.png', plan: 'pro' };
  const claims = await create({})(rawToken({ ...goodClaims(), ...extra, iat, exp: iat + 60.5 }));
  expect(claims).toMatchObject({
    subject: 'ada',
    session: 's1',
    tokenId: 't1',
    name: 'Ada',
    picture: 'https://a.example/ada.png',
    issuedAt: new Date(iat * 1_000),
    expiresAt: new Date(iat * 1_000 + 60_500),
    payload: { plan: 'pro', sub: 'ada' },
  });
  expect(claims.access.filter(['notes/a', 'x'], 'write')).toEqual(['notes/a']);
});

test('claims that are absent are absent', async () => {
  const claims = await create({})(rawToken({ exp: now() + 60 }));
  expect(Object.keys(claims).sort()).toEqual(['access', 'expiresAt', 'payload']);
});

test('a token is good in the very instant in which it is signed', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_123, toFake: ['Date'] });
  const sign = createSigner({ secret: rawSecret });
  const verify = create({ clockTolerance: 0 });
  for (let round = 0; round < 50; round += 1) {
    expect(await verify(sign({ subject: 'ada', documents: {} }).token)).toBeDefined();
  }
});

describe('clockTolerance', () => {
  const shifted = (shift: number) => {
    const iat = now() + shift;
    return rawToken({ ...goodClaims(), iat, exp: iat + 60 });
  };

  test('forgives five seconds by default, in every direction', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    const verify = create({});
    expect(await verify(shifted(5))).toBeDefined();
    expect(await refusalOf(verify(shifted(6)))).toBe('token-invalid');
    expect(await verify(shifted(-64))).toBeDefined();
    expect(await refusalOf(verify(shifted(-65)))).toBe('token-expired');
    expect(await verify(rawToken({ ...goodClaims(), nbf: now() + 5 }))).toBeDefined();
    expect(await refusalOf(verify(rawToken({ ...goodClaims(), nbf: now() + 5.001 })))).toBe('token-invalid');
  });

  test('forgives as much as it says', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    expect(await refusalOf(create({ clockTolerance: 0 })(shifted(1)))).toBe('token-invalid');
    expect(await refusalOf(create({ clockTolerance: 0 })(shifted(-60)))).toBe('token-expired');
    expect(await create({ clockTolerance: 0 })(shifted(-59.999))).toBeDefined();
    expect(await create({ clockTolerance: 300 })(shifted(-359))).toBeDefined();
    expect(await refusalOf(create({ clockTolerance: 300 })(shifted(-360)))).toBe('token-expired');
  });

  test.for([-1, 301, Number.NaN, '5', null, true])('%s is refused', (clockTolerance) => {
    expect(() => createAny({ clockTolerance })).toThrow(
      new TypeError('createVerifier: "clockTolerance" must be 0 to 300 seconds'),
    );
  });
});

describe('maxTokenAge', () => {
  const ofLife = (life: number) => rawToken({ ...goodClaims(), iat: now(), exp: now() + life });

  test('is 24 hours by default', async () => {
    expect(await create({})(ofLife(86_400))).toBeDefined();
    expect(await refusalOf(create({})(ofLife(86_401)))).toBe('token-invalid');
  });

  test('bounds exp - iat', async () => {
    expect(await create({ maxTokenAge: '2d' })(ofLife(172_800))).toBeDefined();
    expect(await create({ maxTokenAge: 60 })(ofLife(60))).toBeDefined();
    expect(await refusalOf(create({ maxTokenAge: 60 })(ofLife(61)))).toBe('token-invalid');
  });

  test('bounds what is left where there is no iat', async () => {
    const left = (seconds: number) => rawToken({ allowedDocumentNames: ['a'], exp: now() + seconds });
    expect(await create({ maxTokenAge: 60 })(left(60))).toBeDefined();
    expect(await refusalOf(create({ maxTokenAge: 60 })(left(70)))).toBe('token-invalid');
  });

  test('a token signed for exactly as long is accepted', async () => {
    const sign = createSigner({ secret: rawSecret, expiresIn: '24h' });
    for (let round = 0; round < 50; round += 1) {
      expect(await create({})(sign({ subject: 'ada', documents: {} }).token)).toBeDefined();
    }
  });

  test.for(['', 'long', 0, -1, null])('%j is refused', (maxTokenAge) => {
    expect(() => createAny({ maxTokenAge })).toThrow(/^createVerifier: "maxTokenAge" must be a duration/);
  });
});

describe('requireExpiry', () => {
  const endless = (iat: number) => rawToken({ sub: 'ada', iat, allowedDocumentNames: ['a'] });

  test('is on by default', async () => {
    expect(await refusalOf(create({})(endless(now())))).toBe('token-invalid');
    expect(await refusalOf(create({ requireExpiry: true })(endless(now())))).toBe('token-invalid');
  });

  test('off, a token without exp ends maxTokenAge after its iat', async () => {
    const iat = now();
    const verify = create({ requireExpiry: false, maxTokenAge: '1h' });
    expect((await verify(endless(iat))).expiresAt).toEqual(new Date((iat + 3_600) * 1_000));
    expect(await refusalOf(verify(endless(iat - 3_606)))).toBe('token-expired');
    expect((await verify(rawToken({ ...goodClaims(), iat, exp: iat + 60 }))).expiresAt).toEqual(
      new Date((iat + 60) * 1_000),
    );
  });

  test.for([null, 'false', 0])('%j is refused', (requireExpiry) => {
    expect(() => createAny({ requireExpiry })).toThrow(
      new TypeError('createVerifier: "requireExpiry" must be true or false'),
    );
  });
});

describe('unscoped', () => {
  const token = () => rawToken({ sub: 'ada', exp: now() + 60 });

  test("is 'deny' by default", async () => {
    expect((await create({})(token())).access.levelFor('a')).toBeUndefined();
    expect((await create({ unscoped: 'deny' })(token())).access.levelFor('a')).toBeUndefined();
  });

  test("'write' reads such a token as Tiptap Cloud does", async () => {
    expect((await create({ unscoped: 'write' })(token())).access.levelFor('a')).toBe('write');
  });

  test.for([null, 'read', true])('%j is refused', (unscoped) => {
    expect(() => createAny({ unscoped })).toThrow(
      new TypeError(`createVerifier: "unscoped" must be 'deny' or 'write'`),
    );
  });
});

describe('cacheSize', () => {
  test('a token that was verified is remembered, and shares its claims', async () => {
    const verify = create({});
    const token = rawToken(goodClaims());
    expect(await verify(token)).toBe(await verify(token));
  });

  test('0 turns it off', async () => {
    const verify = create({ cacheSize: 0 });
    const token = rawToken(goodClaims());
    const [first, second] = [await verify(token), await verify(token)];
    expect(first).not.toBe(second);
    expect(first.payload).toEqual(second.payload);
  });

  test('it bounds how many are remembered', async () => {
    const verify = create({ cacheSize: 1 });
    const [one, other] = [rawToken({ ...goodClaims(), jti: '1' }), rawToken({ ...goodClaims(), jti: '2' })];
    const first = await verify(one);
    await verify(other);
    expect(await verify(one)).not.toBe(first);
  });

  test('what was refused is not remembered', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    const verify = create({});
    const token = rawToken({ ...goodClaims(), nbf: now() + 20 });
    expect(await refusalOf(verify(token))).toBe('token-invalid');
    vi.setSystemTime(1_800_000_020_000);
    expect(await verify(token)).toBeDefined();
  });

  test.for([-1, 1.5, Number.NaN, '10', null, Number.POSITIVE_INFINITY, 1e10])('%s is refused', (cacheSize) => {
    const message = 'createVerifier: "cacheSize" must be a whole number, at most 10000000';
    expect(() => createAny({ cacheSize })).toThrow(new TypeError(message));
  });
});

describe('a remembered token never outlives', () => {
  const start = 1_800_000_000_000;
  const setUp = async (claims: object, keys: object = {}) => {
    vi.useFakeTimers({ now: start, toFake: ['Date'] });
    const verify = createVerifier({ clockTolerance: 0, keys: [{ secret: rawSecret, ...keys }] });
    const token = rawToken({ ...goodClaims(), ...claims });
    const remembered = await verify(token);
    expect(await verify(token)).toBe(remembered);
    return { verify, token, remembered };
  };

  test('its exp', async () => {
    const { verify, token, remembered } = await setUp({ exp: start / 1_000 + 30.5 });
    vi.setSystemTime(start + 30_499);
    expect(await verify(token)).toBe(remembered);
    vi.setSystemTime(start + 30_500);
    expect(await refusalOf(verify(token))).toBe('token-expired');
  });

  test('its nbf, and its iat, where the clock is set back', async () => {
    for (const claim of ['nbf', 'iat']) {
      const { verify, token, remembered } = await setUp({ iat: start / 1_000 - 20, [claim]: start / 1_000 - 10 });
      vi.setSystemTime(start - 10_000);
      expect(await verify(token)).toBe(remembered);
      vi.setSystemTime(start - 10_001);
      expect(await refusalOf(verify(token))).toBe('token-invalid');
    }
  });

  test("its key's notAfter", async () => {
    const { verify, token, remembered } = await setUp({}, { notAfter: new Date(start + 20_000) });
    vi.setSystemTime(start + 19_999);
    expect(await verify(token)).toBe(remembered);
    vi.setSystemTime(start + 20_000);
    expect(await refusalOf(verify(token))).toBe('token-invalid');
  });

  test('its revocation', async () => {
    const revocations = createRevocations();
    const verify = create({ revocations });
    const token = rawToken({ ...goodClaims(), sid: 's1' });
    await verify(token);
    await revocations.revoke({ session: 's1' });
    expect(await refusalOf(verify(token))).toBe('token-revoked');
    await revocations.close();
  });
});

describe('revocations', () => {
  test('are none by default', () => {
    expect(create({})).not.toHaveProperty('revocations');
  });

  test('are handed on to whoever is given the verifier', async () => {
    const revocations = createRevocations();
    expect(create({ revocations }).revocations).toBe(revocations);
    await revocations.close();
  });

  test('refuse what was withdrawn, and what was issued before a renewal', async () => {
    const revocations = createRevocations();
    const verify = create({ revocations });
    const sign = createSigner({ secret: rawSecret });
    const issue = (subject: string) => sign({ subject, documents: {} }).token;
    const [ada, ben, cleo] = [issue('ada'), issue('ben'), issue('cleo')];
    await revocations.revoke({ subject: 'ada' });
    await revocations.renew({ subject: 'ben' });
    expect(await refusalOf(verify(ada))).toBe('token-revoked');
    expect(await refusalOf(verify(ben))).toBe('token-expired');
    expect(await verify(cleo)).toMatchObject({ subject: 'cleo' });
    expect(await verify(issue('ada'))).toMatchObject({ subject: 'ada' });
    expect(await verify(issue('ben'))).toMatchObject({ subject: 'ben' });
    await revocations.close();
  });

  test('that cannot be followed make the answer unknown, not no', async () => {
    const lost: RevocationStore = {
      append: async () => {},
      follow: (_from, _onEntry, onState) => {
        onState('lost');
        return () => {};
      },
      close: async () => {},
    };
    const [refusing, allowing] = [
      createRevocations({ store: lost }),
      createRevocations({ store: lost, whenUnavailable: 'allow' }),
    ];
    const token = rawToken(goodClaims());
    expect(await refusalOf(create({ revocations: refusing })(token))).toBe('auth-unavailable');
    expect(await create({ revocations: allowing })(token)).toBeDefined();
    expect(await refusalOf(create({ revocations: refusing })(`${token}x`))).toBe('token-invalid');
  });

  test('must remember for as long as tokens live', async () => {
    const revocations = createRevocations({ maxTokenAge: '1h' });
    expect(() => create({ revocations })).toThrow(
      new TypeError('createVerifier: "maxTokenAge" must not be above that of "revocations"'),
    );
    expect(() => create({ revocations, maxTokenAge: 3_601 })).toThrow('must not be above');
    expect(() => create({ revocations, maxTokenAge: '1h' })).not.toThrow();
    await revocations.close();
  });

  test('of somebody else are refused', () => {
    const foreign: Revocations = { revoke: async () => {}, renew: async () => {}, close: async () => {} };
    expect(() => create({ revocations: foreign })).toThrow(TypeError);
    expect(() => createAny({ revocations: null })).toThrow(TypeError);
  });
});

test('a verifier that holds only public halves verifies what the app signs', async () => {
  const sign = createSigner({ keys: [{ privateKey: p256.privateKey, alg: 'ES256' }] });
  const verify = createVerifier({ keys: [{ publicKey: p256.publicKey, alg: 'ES256' }] });
  expect((await verify(sign({ subject: 'ada', documents: { a: 'read' } }).token)).access.levelFor('a')).toBe('read');
});
