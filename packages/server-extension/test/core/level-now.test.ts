import { expect, onTestFinished, test, vi } from 'vitest';
import { type Authorize, levelNow } from '../../src/core/level-now.ts';
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
  expect(await levelNow(claims, 'team/plan', async () => answer)).toBe(level);
  expect(await levelNow(claims, 'team/plan', () => answer)).toBe(level);
});

test('without authorize it is what the token says', async () => {
  expect(await levelNow(claims, 'team/plan', undefined)).toBe('comment');
});

test('authorize is asked with claims and name, and not about what the token does not grant', async () => {
  const authorize = vi.fn<Authorize>(() => 'write');
  await levelNow(claims, 'team/plan', authorize);
  expect(authorize.mock.calls).toEqual([[claims, 'team/plan']]);
  expect(await levelNow(claims, 'ben/diary', authorize)).toBeUndefined();
  expect(await levelNow(claims, 'team/../plan', authorize)).toBeUndefined();
  expect(authorize).toHaveBeenCalledOnce();
});

const refusal = new AuthError('token-invalid');

test.for<[string, Authorize, string]>([
  ['throws', () => Promise.reject(new Error('down')), '"authorize" failed: Error: down'],
  ['throws at once', () => JSON.parse('{'), '"authorize" failed: SyntaxError: '],
  ['throws a refusal', () => Promise.reject(refusal), '"authorize" failed: AuthError: The token is not valid.'],
  [
    'answers nonsense',
    () => JSON.parse('"owner"'),
    "failed: TypeError: the answer is not 'read', 'comment', 'write' or",
  ],
  ['answers null', () => JSON.parse('null'), "failed: TypeError: the answer is not 'read', 'comment', 'write' or"],
])('one that %s is an outage, and no refusal', async ([, authorize, message]) => {
  const failure = await levelNow(claims, 'team/plan', authorize).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(AuthError);
  expect(failure).toMatchObject({ message: expect.stringContaining(message) });
});

test('one that never answers is an outage after 10 seconds', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const level = levelNow(claims, 'team/plan', () => new Promise(() => {}));
  const failed = expect(level).rejects.toThrow('"authorize" failed: Error: no answer within 10 seconds');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await failed;
  expect(vi.getTimerCount()).toBe(0);
});
