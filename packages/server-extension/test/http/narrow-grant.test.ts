import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessLevel } from '../../src/core/level.ts';
import { isEmptyGrant, narrowGrant } from '../../src/http/narrow-grant.ts';
import type { Grant } from '../../src/token/grant.ts';

const RANK = { none: 0, read: 1, comment: 2, write: 3 } as const;

function oracle(documents: Grant['documents'], name: string): AccessLevel | 'none' {
  const matching = Object.keys(documents).filter((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name,
  );
  const exact = matching.find((entry) => entry === name);
  const longest = matching.sort((a, b) => b.length - a.length)[0];
  return documents[exact ?? longest ?? ''] ?? 'none';
}

function narrowed(documents: Grant['documents'], names: readonly string[]) {
  return narrowGrant({ subject: 'ada', documents }, names).documents;
}

test('each name gets the level of its most specific entry', () => {
  const documents = {
    'team/*': 'comment',
    'team/plan': 'write',
    'team/secret': 'none',
    'team/archive/*': 'read',
  } as const;
  expect(narrowed(documents, ['team/a', 'team/plan', 'team/secret', 'team/archive/b'])).toEqual({
    'team/a': 'comment',
    'team/plan': 'write',
    'team/archive/b': 'read',
  });
});

test('names that are not granted are left out', () => {
  expect(narrowed({ 'ada/*': 'write' }, ['ada/diary', 'ben/diary'])).toEqual({ 'ada/diary': 'write' });
});

test('no patterns are left', () => {
  expect(narrowed({ '*': 'write' }, ['a'])).toEqual({ a: 'write' });
});

test('everything else of the grant stays', () => {
  const grant: Grant = {
    subject: 'ada',
    session: 's1',
    name: 'Ada',
    picture: 'p',
    claims: { x: 1 },
    documents: { '*': 'read' },
  };
  expect(narrowGrant(grant, ['a'])).toEqual({ ...grant, documents: { a: 'read' } });
});

test('a grant is not changed by narrowing it', () => {
  const grant: Grant = Object.freeze({ subject: 'ada', documents: Object.freeze({ '*': 'read' as const }) });
  narrowGrant(grant, ['a']);
  expect(grant).toEqual({ subject: 'ada', documents: { '*': 'read' } });
});

test('a malformed grant is not narrowed', () => {
  const documents: Record<string, AccessLevel> = { 'a*b': 'write' };
  expect(() => narrowed(documents, ['a'])).toThrow();
});

test('a grant of nothing, and one of nothing but "none", are empty', () => {
  expect(isEmptyGrant({ subject: 'ada', documents: {} })).toBe(true);
  expect(isEmptyGrant({ subject: 'ada', documents: { '*': 'none' } })).toBe(true);
  expect(isEmptyGrant({ subject: 'ada', documents: { '*': 'none', a: 'read' } })).toBe(false);
});

const names = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 4 });
const patterns = fc.oneof(
  names,
  fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 }).map((prefix) => `${prefix}*`),
);
const levels = fc.constantFrom('none', 'read', 'comment', 'write');
const grants = fc.dictionary(patterns, levels, { maxKeys: 8 });

test('narrowing never widens: for every document, asked for or not', () => {
  fc.assert(
    fc.property(grants, fc.array(names, { maxLength: 6 }), names, (documents, asked, probe) => {
      const result = narrowed(documents, asked);
      expect(RANK[oracle(result, probe)]).toBeLessThanOrEqual(RANK[oracle(documents, probe)]);
    }),
    { numRuns: 5_000 },
  );
});

test('narrowing gives exactly what was asked for and granted', () => {
  fc.assert(
    fc.property(grants, fc.array(names, { maxLength: 6 }), (documents, asked) => {
      const expected = asked.map((name) => [name, oracle(documents, name)]).filter(([, level]) => level !== 'none');
      expect(narrowed(documents, asked)).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 5_000 },
  );
});
