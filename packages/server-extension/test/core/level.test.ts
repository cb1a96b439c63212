import { expect, test } from 'vitest';
import { isAccessLevel, isAtLeast, lowerLevel } from '../../src/core/level.ts';
import { type AccessLevel, AuthError, whatHelps } from '../../src/core.ts';

const LOWEST_FIRST: (AccessLevel | undefined)[] = [undefined, 'read', 'comment', 'write'];

test('levels are ordered: none, read, comment, write', () => {
  for (const [a, first] of LOWEST_FIRST.entries()) {
    for (const [b, second] of LOWEST_FIRST.entries()) {
      expect(lowerLevel(first, second)).toBe(LOWEST_FIRST[Math.min(a, b)]);
      if (second) expect(isAtLeast(first, second)).toBe(a >= b);
    }
  }
});

test.for(['owner', 'none', '', 'Write', 'constructor', '__proto__', ['read'], null, undefined, 3])(
  '%s is not a level',
  (value) => {
    expect(isAccessLevel(value)).toBe(false);
  },
);

test.for([
  ['token-missing', 'fresh-token'],
  ['token-invalid', 'fresh-token'],
  ['token-expired', 'fresh-token'],
  ['token-revoked', 'fresh-token'],
  ['auth-unavailable', 'later'],
  ['rate-limited', 'later'],
  ['document-forbidden', 'nothing'],
  ['subject-changed', 'nothing'],
  ['something else', 'nothing'],
  ['constructor', 'nothing'],
] as const)('what helps against %s is %s', ([reason, help]) => {
  expect(whatHelps(reason)).toBe(help);
});

test('an AuthError carries its reason, and a sentence for people', () => {
  const error = new AuthError('token-expired');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'AuthError', reason: 'token-expired', message: 'The token has expired.' });
  expect(new AuthError('token-invalid', 'Other words.').message).toBe('Other words.');
});
