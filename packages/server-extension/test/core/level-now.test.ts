import { expect, onTestFinished, test, vi } from 'vitest';
import { type Authorize, createLevelNow } from '../../src/core/level-now.ts';
import { AuthError, type Claims, readAccess } from '../../src/core.ts';

const claims: Claims = {
  subject: 'ada',
  expiresAt: new Date(),
  access: readAccess({ documents: { 'team/*': 'comment' } }),
  payload: {},
};

test.for([
  ['write', 'comment'],
  ['read', 'read'],
  [undefined, undefined],
] as const)('the token says comment, authorize says %s: it is %s', async ([answer, level]) => {
  expect(await createLevelNow(async () => answer)(claims, 'team/plan')).toBe(level);
  expect(await createLevelNow(() => answer)(claims, 'team/plan')).toBe(level);
});

test('without authorize it is what the token says', async () => {
  expect(await createLevelNow(undefined)(claims, 'team/plan')).toBe('comment');
});

test('authorize is asked with claims and name, and not about what the token does not grant', async () => {
  const authorize = vi.fn<Authorize>(() => 'write');
  const levelNow = createLevelNow(authorize);
  await levelNow(claims, 'team/plan');
  expect(authorize.mock.calls).toEqual([[claims, 'team/plan']]);
  expect(await levelNow(claims, 'ben/diary')).toBeUndefined();
  expect(await levelNow(claims, 'team/../plan')).toBeUndefined();
  expect(authorize).toHaveBeenCalledOnce();
});

const refusal = new AuthError('token-invalid');
const symbol = Symbol('down');
const nonsense = new TypeError("the answer is not 'read', 'comment', 'write' or undefined");

test.for<[string, Authorize, unknown]>([
  ['throws', () => Promise.reject(new Error('down')), new Error('down')],
  ['throws at once', () => JSON.parse('{'), expect.any(SyntaxError)],
  ['throws a refusal', () => Promise.reject(refusal), refusal],
  ['throws a symbol', () => Promise.reject(symbol), symbol],
  ['answers nonsense', () => JSON.parse('"owner"'), nonsense],
  ['answers null', () => JSON.parse('null'), nonsense],
])('one that %s is an outage, and no refusal', async ([, authorize, cause]) => {
  const failure = await createLevelNow(authorize)(claims, 'team/plan').catch((error: unknown) => error);
  expect(failure).not.toBeInstanceOf(AuthError);
  expect(failure).toEqual(new Error('"authorize" failed', { cause }));
});

test('an answer leaves no timer behind', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await createLevelNow(async () => 'write' as const)(claims, 'team/plan');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that never answers is an outage after 10 seconds', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const level = createLevelNow(() => new Promise(() => {}))(claims, 'team/plan');
  const failed = expect(level).rejects.toMatchObject({ cause: new Error('no answer within 10 seconds') });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await failed;
  expect(vi.getTimerCount()).toBe(0);
});
