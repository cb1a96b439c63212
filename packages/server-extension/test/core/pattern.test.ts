import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPattern, matchesPattern, toPrefix } from '../../src/core/pattern.ts';
import { PatternIndex } from '../../src/core/pattern-index.ts';
import { PatternList } from '../../src/core/pattern-list.ts';
import { cpuMs } from '../support/cpu-ms.ts';
import { naiveMatches, naiveMostSpecific } from '../support/naive-matcher.ts';

const MATCHES: [pattern: string, name: string][] = [
  ['notes/ada', 'notes/ada'],
  ['notes/*', 'notes/ada'],
  ['notes/*', 'notes/a/b'],
  ['notes/*', 'notes/'],
  ['document-*', 'document-'],
  ['document-*', 'document-7'],
  ['document-*', 'document-7/x'],
  ['*', 'anything/at all'],
  ['a?[b]{c}!\\.', 'a?[b]{c}!\\.'],
];

const DIFFERS: [pattern: string, name: string][] = [
  ['notes/ada', 'notes/ada/'],
  ['notes/ada', 'Notes/ada'],
  ['notes/ada', 'notes/adam'],
  ['notes/*', 'notes'],
  ['notes/*', 'notesx/a'],
  ['document-*', 'document'],
  ['document-*', 'my-document-7'],
  ['caf\u00e9', 'cafe\u0301'],
  ['a%20b', 'a b'],
  ['a/b', 'a/./b'],
  ['a', ' a'],
  ['a.c', 'abc'],
  ['a?', 'ab'],
];

test.for(MATCHES)('%s matches %s', ([pattern, name]) => {
  expect(matchesPattern(pattern, name)).toBe(true);
  expect(new PatternList([pattern]).match(name)).toBe(pattern);
});

test.for(DIFFERS)('%s does not match %s', ([pattern, name]) => {
  expect(matchesPattern(pattern, name)).toBe(false);
  expect(new PatternList([pattern]).match(name)).toBeUndefined();
});

test.for(['*/x', 'a*b', 'a**', '**', '*a', '', 1, null, undefined, ['a']])('%j is not a pattern', (text) => {
  expect(isPattern(text)).toBe(false);
});

test('a star at the end makes a prefix of what stands before it', () => {
  expect(toPrefix('team/*')).toBe('team/');
  expect(toPrefix('*')).toBe('');
  expect(toPrefix('team/')).toBeUndefined();
});

/** All texts over an alphabet, up to a length. */
function allTexts(alphabet: readonly string[], length: number): string[] {
  if (length === 0) return [''];
  const shorter = allTexts(alphabet, length - 1);
  return [
    ...shorter,
    ...shorter.filter((text) => text.length === length - 1).flatMap((text) => alphabet.map((letter) => text + letter)),
  ];
}

describe('beside an independent matcher', () => {
  test('one pattern, every name and pattern of up to four characters of a small alphabet', () => {
    const names = allTexts(['a', 'b', '/'], 4);
    for (const pattern of [...names, ...names.map((name) => `${name}*`)]) {
      for (const name of names) expect(matchesPattern(pattern, name)).toBe(naiveMatches(pattern, name));
    }
  });

  test('every pair of patterns over a small alphabet, and every name', () => {
    const names = allTexts(['a', 'b'], 3);
    const patterns = [...names.slice(1), ...names.map((name) => `${name}*`)];
    for (const first of patterns) {
      for (const second of patterns) {
        const list = new PatternList([first, second]);
        for (const name of names) {
          if (list.match(name) !== naiveMostSpecific([first, second], name)) {
            expect.fail(`${first} and ${second} for ${name}: ${list.match(name)}`);
          }
        }
      }
    }
  });

  test('every set of patterns over a small alphabet that ends where code units end', () => {
    const texts = allTexts(['a', '\uffff'], 2);
    const patterns = [...texts.slice(1), ...texts.map((text) => `${text}*`)];
    const names = allTexts(['a', 'b', '\uffff', '\u0000'], 3);
    const matching = names.map((name) => patterns.map((pattern) => naiveMatches(pattern, name)));
    for (let chosen = 0; chosen < 2 ** patterns.length; chosen += 1) {
      const some = patterns.filter((_, bit) => chosen & (1 << bit));
      const index = new PatternIndex(some);
      for (const [position, name] of names.entries()) {
        // The exact names come first, and the longer prefixes last.
        const matches = patterns.filter((_, bit) => chosen & (1 << bit) && matching[position]?.[bit]);
        const expected = matches.includes(name) ? name : matches.at(-1);
        if (index.find(name) !== expected) expect.fail(`${JSON.stringify(some)} for ${JSON.stringify(name)}`);
      }
    }
  });

  test('every set of prefixes that begin where others end', () => {
    const patterns = ['a*', 'b*', 'c*', 'd*', 'e*', 'f*'];
    const names = ['', ...patterns, 'g'].flatMap((text) => [text.replace('*', ''), text.replace('*', 'x')]);
    for (let chosen = 0; chosen < 2 ** patterns.length; chosen += 1) {
      const some = patterns.filter((_, bit) => chosen & (1 << bit));
      const index = new PatternIndex(some);
      for (const name of names) {
        if (index.find(name) !== naiveMostSpecific(some, name)) expect.fail(`${some} for ${name}: ${index.find(name)}`);
      }
    }
  });

  test('many patterns over a large alphabet', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 }).map((value) => value.replaceAll('*', 'x'));
    const shared = fc.constantFrom('', 'team/', 'team/a/', 'team/a/b', '\uffff', '\ud83d');
    const name = fc.tuple(shared, text).map((parts) => parts.join(''));
    const pattern = fc
      .tuple(name, fc.constantFrom('*', ''))
      .map((parts) => parts.join(''))
      .filter(isPattern);
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 40 }), fc.array(name, { maxLength: 20 }), (patterns, names) => {
        const list = new PatternList(patterns);
        for (const each of [...names, ...patterns.map((value) => value.replace('*', 'z'))]) {
          expect(list.match(each)).toBe(naiveMostSpecific(patterns, each));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

test('nested prefixes of many lengths are found as quickly as others', () => {
  const patterns = Array.from({ length: 1_000 }, (_, position) => `${'a/'.repeat(position + 1)}*`);
  const list = new PatternList(patterns);
  expect(list.match(`${'a/'.repeat(500)}b`)).toBe(patterns[499]);
  expect(list.match('b')).toBeUndefined();
  const cost = cpuMs(() => {
    for (let round = 0; round < 1_000; round += 1) list.match(`${'a/'.repeat(500)}${round}`);
  });
  // A walk along the nested prefixes would take a hundred times as long.
  expect(cost).toBeLessThan(200);
});
