import { expect, test } from 'vitest';
import { createTestTokens } from '../../src/testing.ts';
import { refusalOf } from '../support/refusal-of.ts';

test('a token for a test user who writes everything, for a quarter of an hour', async () => {
  const { verify, sign } = createTestTokens();
  const claims = await verify(sign());
  expect(claims.subject).toBe('test-user');
  expect(claims.access.levelFor('anything')).toBe('write');
  expect(claims.expiresAt.getTime() - (claims.issuedAt?.getTime() ?? 0)).toBe(900_000);
});

test('what a grant says replaces what it would have been', async () => {
  const { verify, sign } = createTestTokens();
  const claims = await verify(sign({ documents: { a: 'read' }, session: 's1', claims: { plan: 'pro' } }));
  expect(claims).toMatchObject({ subject: 'test-user', session: 's1', payload: { plan: 'pro' } });
  expect(claims.access.filter(['a', 'b'])).toEqual(['a']);
  expect((await verify(sign({ subject: 'ada' }))).subject).toBe('ada');
});

test.for([0, -0.001, -60])('a token with expiresIn %s has expired', async (expiresIn) => {
  const { verify, sign } = createTestTokens();
  expect(await refusalOf(verify(sign({}, { expiresIn })))).toBe('token-expired');
});

test('expiresIn may be a fraction of a second', async () => {
  const { verify, sign } = createTestTokens();
  const { issuedAt, expiresAt } = await verify(sign({}, { expiresIn: 2.5 }));
  expect(expiresAt.getTime() - (issuedAt?.getTime() ?? 0)).toBe(2_500);
});

test('each has a secret of its own', async () => {
  expect(await refusalOf(createTestTokens().verify(createTestTokens().sign()))).toBe('token-invalid');
});

test('what is malformed is a TypeError, as with createSigner', () => {
  const { sign } = createTestTokens();
  expect(() => sign({ documents: { 'a*b': 'read' } })).toThrow('documents["a*b"] is not a pattern');
  expect(() => sign({}, { expiresIn: Number.NaN })).toThrow('"expiresIn" must be a finite number of seconds');
  expect(() => Reflect.apply(sign, undefined, [{}, { expiresin: -1 }])).toThrow('sign: unknown option "expiresin"');
});
