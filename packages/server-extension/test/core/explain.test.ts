import { expect, test } from 'vitest';
import { readAccess } from '../../src/core.ts';

test('the list that decided is named, with its entry', () => {
  const access = readAccess({ allowedDocumentNames: ['team/*'], readonlyDocumentNames: ['team/handbook'] });
  expect(access.explain('team/handbook')).toEqual({
    documentName: 'team/handbook',
    level: 'read',
    style: 'names',
    decidedBy: { entry: 'team/handbook', from: 'readonlyDocumentNames' },
    message: 'May read "team/handbook": readonlyDocumentNames lists "team/handbook".',
  });
  expect(access.explain('team/plan')).toEqual({
    documentName: 'team/plan',
    level: 'write',
    style: 'names',
    decidedBy: { entry: 'team/*', from: 'allowedDocumentNames' },
    message: 'May read, comment on and write "team/plan": allowedDocumentNames lists "team/*".',
  });
});

test.for([
  ['names', { allowedDocumentNames: ['team/*'] }, 'lists of document names'],
  ['permissions', { permissions: [] }, 'permissions'],
  ['rooms', { permissions: { rooms: ['team/*'] } }, 'rooms'],
  ['documents', { documents: { 'team/*': 'write' } }, 'documents'],
] as const)('no entry at all is said so: %s', ([style, payload, claims]) => {
  expect(readAccess(payload).explain('x')).toEqual({
    documentName: 'x',
    level: undefined,
    style,
    message: `No access to "x": no entry in the token's ${claims} matches.`,
  });
});

test.for([
  ['read', 'May read'],
  ['comment', 'May read and comment on'],
  ['write', 'May read, comment on and write'],
] as const)('%s is told as %s', ([level, outcome]) => {
  expect(readAccess({ documents: { a: level } }).explain('a').message).toBe(`${outcome} "a": documents lists "a".`);
});

test('an entry that takes access away is one', () => {
  expect(readAccess({ documents: { '*': 'comment', 'a/*': 'none' } }).explain('a/b')).toEqual({
    documentName: 'a/b',
    level: undefined,
    style: 'documents',
    decidedBy: { entry: 'a/*', from: 'documents' },
    message: 'No access to "a/b": documents lists "a/*" as \'none\'.',
  });
});

test.for([
  ['d1', { action: 'Documents:Write', resource: 'd1' }, 'd1'],
  ['d1', { action: 'Documents:Write', resource: '*' }, '*'],
  ['d1', { action: 'Documents:Write', resource: '*', constraints: { in: ['d1'] } }, 'd1'],
  ['d1', { action: 'Documents:Write', resource: '*', constraints: { prefix: 'd' } }, 'd*'],
  ['d1', { action: 'Documents:Write', resource: '*', constraints: { suffix: '1' } }, '*1'],
  ['d-1', { action: 'Documents:Write', resource: '*', constraints: { prefix: 'd', suffix: '1' } }, 'd*1'],
] as const)('a permission for %s is told as %j', ([documentName, permission, entry]) => {
  expect(readAccess({ permissions: [permission] }).explain(documentName)).toMatchObject({
    level: 'write',
    style: 'permissions',
    decidedBy: { entry, from: 'permissions' },
  });
});

test('of several prefixes in permissions, the most specific is told', () => {
  const constraints = [{ prefix: 'a' }, { prefix: 'ab' }];
  const access = readAccess({ permissions: [{ action: 'Documents:Write', resource: '*', constraints }] });
  expect(access.explain('abc').decidedBy).toEqual({ entry: 'ab*', from: 'permissions' });
});

test('rooms are told as their pattern', () => {
  expect(readAccess({ permissions: { rooms: ['document-*'] } }).explain('document-7')).toMatchObject({
    style: 'rooms',
    decidedBy: { entry: 'document-*', from: 'permissions' },
  });
});

test('a token that names no documents is told as the verifier reads it', () => {
  expect(readAccess({}).explain('x')).toEqual({
    documentName: 'x',
    level: undefined,
    style: 'unscoped',
    message: 'No access to "x": the token names no documents.',
  });
  expect(readAccess({}, { unscoped: 'write' }).explain('x')).toEqual({
    documentName: 'x',
    level: 'write',
    style: 'unscoped',
    message: `May read, comment on and write "x": the token names no documents, and the verifier was told to read that as 'write'.`,
  });
  expect(readAccess({ readonlyDocumentNames: [] }, { unscoped: 'write' }).explain('x').level).toBe('write');
});

test('a name that no document may have is told as one, where it would be granted', () => {
  expect(readAccess({ documents: { '*': 'read' } }).explain('a/../b').message).toBe(
    'May read "a/../b": documents lists "*". But this name contains a segment that is . or .., and is refused for that.',
  );
  expect(readAccess({}, { unscoped: 'write' }).explain('a ').message).toMatch(
    / But this name begins or ends with white/,
  );
  expect(readAccess({ documents: { b: 'read' } }).explain('a ').message).toMatch(/ matches\.$/);
});
