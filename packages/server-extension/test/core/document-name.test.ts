import { expect, test } from 'vitest';
import { documentNameProblem } from '../../src/core/document-name.ts';

test.for([
  'a',
  'team/plan',
  'team/',
  '/a//b/',
  'Ünïcödé 文書 📄',
  'a b',
  '.hidden',
  'a/...',
  'x'.repeat(512),
  'é'.repeat(256),
  '📄'.repeat(128),
  'a\\b?[c]{d}!%2f',
  'prototype',
])('%s is permitted', (name) => {
  expect(documentNameProblem(name)).toBeUndefined();
});

test.for([
  ['', 'is empty'],
  ['x'.repeat(513), 'is longer than 512 bytes'],
  ['é'.repeat(257), 'is longer than 512 bytes'],
  ['文'.repeat(171), 'is longer than 512 bytes'],
  ['a\ud83d', 'is not valid Unicode text'],
  ['\udc00a', 'is not valid Unicode text'],
  ['a\ufffdb', 'is not valid Unicode text'],
  ['a\u0000b', 'contains control or invisible format characters'],
  ['a\nb', 'contains control or invisible format characters'],
  ['a\u007f', 'contains control or invisible format characters'],
  ['a\u0085b', 'contains control or invisible format characters'],
  ['a\u200bb', 'contains control or invisible format characters'],
  ['a\u202eb', 'contains control or invisible format characters'],
  ['a\u00adb', 'contains control or invisible format characters'],
  ['\ufeffa', 'contains control or invisible format characters'],
  [' a', 'begins or ends with white space'],
  ['a ', 'begins or ends with white space'],
  ['\u00a0a', 'begins or ends with white space'],
  ['a\u3000', 'begins or ends with white space'],
  ['*', 'contains *'],
  ['team/*', 'contains *'],
  ['a*b', 'contains *'],
  ['.', 'contains a segment that is . or ..'],
  ['..', 'contains a segment that is . or ..'],
  ['a/../b', 'contains a segment that is . or ..'],
  ['a/./b', 'contains a segment that is . or ..'],
  ['../a', 'contains a segment that is . or ..'],
  ['a/..', 'contains a segment that is . or ..'],
  ['__proto__', 'is a name that every JavaScript object already has'],
  ['constructor', 'is a name that every JavaScript object already has'],
  ['toString', 'is a name that every JavaScript object already has'],
  ['hasOwnProperty', 'is a name that every JavaScript object already has'],
] as const)('%j %s', ([name, problem]) => {
  expect(documentNameProblem(name)).toBe(problem);
});

test('what is not a text is no name', () => {
  expect(Reflect.apply(documentNameProblem, undefined, [undefined])).toBe('is not a text');
});

test('a name of five million characters costs nothing to refuse', () => {
  const name = 'é'.repeat(5_000_000);
  const costs = Array.from({ length: 10 }, () => {
    const start = performance.now();
    expect(documentNameProblem(name)).toBe('is longer than 512 bytes');
    return performance.now() - start;
  });
  expect(Math.min(...costs)).toBeLessThan(5);
});
