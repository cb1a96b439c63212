import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessLevel, readAccess } from '../../src/core.ts';
import { cpuMs } from '../support/cpu-ms.ts';
import { naiveMatches, naiveMostSpecific } from '../support/naive-matcher.ts';
import vectors from './access.json' with { type: 'json' };

const invalid = expect.objectContaining({ name: 'AuthError', reason: 'token-invalid' });

describe('the shared table of claims and levels', () => {
  test.for(vectors)('$why: $documentName is $expect', ({ payload, unscoped, documentName, expect: expected }) => {
    const options = unscoped === 'write' ? ({ unscoped } as const) : {};
    if (expected === 'invalid') {
      expect(() => readAccess(payload, options)).toThrow(invalid);
      return;
    }
    const access = readAccess(payload, options);
    expect(access.levelFor(documentName) ?? null).toBe(expected);
    expect(access.explain(documentName).level ?? null).toBe(expected);
  });
});

const write = { action: 'Documents:Write', resource: '*' };

test.for<[why: string, payload: unknown]>([
  ['a text', 'text'],
  ['null', null],
  ['undefined', undefined],
  ['a list', [{ allowedDocumentNames: ['*'] }]],
  ['null in a list', { readonlyDocumentNames: [null] }],
  ['an object for a list', { commentDocumentNames: { 0: '*' } }],
  ['names beside rooms', { readonlyDocumentNames: ['a'], permissions: { rooms: ['a'] } }],
  ['documents beside permissions', { documents: {}, permissions: [] }],
  ['two styles of which one is null', { documents: null, allowedDocumentNames: [] }],
  ['documents that is null', { documents: null }],
  ['documents that is a list', { documents: ['a'] }],
  ['documents that is a text', { documents: '*' }],
  ['a bad pattern in documents', { documents: { 'a*b': 'read' } }],
  ['an empty name in documents', { documents: { '': 'read' } }],
  ['a level that every object has', { documents: { a: 'constructor' } }],
  ['a level that is null', { documents: { a: null } }],
  ['permissions that is null', { permissions: null }],
  ['permissions that is a text', { permissions: 'Documents:Write' }],
  ['permissions without rooms', { permissions: {} }],
  ['a role without rooms', { permissions: { role: 'admin' } }],
  ['rooms that is a text', { permissions: { rooms: '*' } }],
  ['rooms that is null', { permissions: { rooms: null } }],
  ['a bad pattern in rooms', { permissions: { rooms: ['*x'] } }],
  ['something beside rooms', { permissions: { rooms: ['a'], except: ['b'] } }],
  ['a role that is no text', { permissions: { rooms: ['a'], role: ['reader'] } }],
  ['a permission that is a text', { permissions: ['Documents:Write'] }],
  ['a permission that is null', { permissions: [null] }],
  ['a permission that is a list', { permissions: [['Documents:Write', '*']] }],
  ['an action that is missing', { permissions: [{ resource: '*' }] }],
  ['an action that is a list', { permissions: [{ action: ['Documents:Write'], resource: '*' }] }],
  ['an action without a service', { permissions: [{ action: 'write', resource: '*' }] }],
  ['an action that is empty', { permissions: [{ action: '', resource: '*' }] }],
  ['an action with white space', { permissions: [{ action: 'Documents:Write ', resource: '*' }] }],
  ['an action behind white space', { permissions: [{ action: ' Documents:Write', resource: '*' }] }],
  ['an action that only looks like one', { permissions: [{ action: 'document\u017f:write', resource: '*' }] }],
  ['a resource that is missing', { permissions: [{ action: 'Documents:Write' }] }],
  ['a resource that is empty', { permissions: [{ action: 'Documents:Write', resource: '' }] }],
  ['a resource that is a list', { permissions: [{ action: 'Documents:Write', resource: ['*'] }] }],
  ['an unknown key in a permission', { permissions: [{ ...write, effect: 'deny' }] }],
  ['constraints beside a name', { permissions: [{ ...write, resource: 'a', constraints: { prefix: 'a' } }] }],
  ['constraints that are null', { permissions: [{ ...write, constraints: null }] }],
  ['constraints that are a text', { permissions: [{ ...write, constraints: 'a/*' }] }],
  ['constraints that are an empty list', { permissions: [{ ...write, constraints: [] }] }],
  ['constraints in a list in a list', { permissions: [{ ...write, constraints: [[{ prefix: 'a' }]] }] }],
  ['an empty constraint in a list', { permissions: [{ ...write, constraints: [{ prefix: 'a' }, {}] }] }],
  ['an empty prefix', { permissions: [{ ...write, constraints: { prefix: '' } }] }],
  ['an empty suffix', { permissions: [{ ...write, constraints: { prefix: 'a', suffix: '' } }] }],
  ['a prefix that is null', { permissions: [{ ...write, constraints: { prefix: null } }] }],
  ['a suffix that is a list', { permissions: [{ ...write, constraints: { suffix: ['a'] } }] }],
  ['names beside a prefix', { permissions: [{ ...write, constraints: { in: ['a'], prefix: 'a' } }] }],
  ['names beside a suffix', { permissions: [{ ...write, constraints: { in: ['a'], suffix: 'a' } }] }],
  ['no names', { permissions: [{ ...write, constraints: { in: [] } }] }],
  ['names that are a text', { permissions: [{ ...write, constraints: { in: 'a' } }] }],
  ['an empty name', { permissions: [{ ...write, constraints: { in: ['a', ''] } }] }],
  ['a name that is a number', { permissions: [{ ...write, constraints: { in: [1] } }] }],
])('%s makes the token invalid', ([, payload]) => {
  expect(() => readAccess(payload)).toThrow(invalid);
  expect(() => readAccess(payload, { unscoped: 'write' })).toThrow(invalid);
});

test.for<[why: string, payload: unknown, documentName: string, level: AccessLevel | undefined]>([
  [
    'a service of its own grants nothing',
    { permissions: [{ action: 'AI:Generation', resource: '*' }] },
    'a',
    undefined,
  ],
  ['nor does the documents API', { permissions: [{ action: 'Documents:Api:All', resource: '*' }] }, 'a', undefined],
  [
    'nor is what constrains other services understood',
    { permissions: [{ action: 'Convert:Docx', resource: 'x', model: 'y', constraints: { pages: 3 } }] },
    'x',
    undefined,
  ],
  ['no permission at all', { permissions: [] }, 'a', undefined],
  ['a suffix alone', { permissions: [{ ...write, constraints: { suffix: '.md' } }] }, 'x.md', 'write'],
  ['a suffix alone, elsewhere', { permissions: [{ ...write, constraints: { suffix: '.md' } }] }, 'x.md5', undefined],
  ['no overlap', { permissions: [{ ...write, constraints: { prefix: 'ab', suffix: 'bc' } }] }, 'abc', undefined],
  ['just no overlap', { permissions: [{ ...write, constraints: { prefix: 'ab', suffix: 'bc' } }] }, 'abbc', 'write'],
  ['the suffix first', { permissions: [{ ...write, constraints: { suffix: 'c', prefix: 'a' } }] }, 'abc', 'write'],
  ['a star in a prefix is literal', { permissions: [{ ...write, constraints: { prefix: 'a*' } }] }, 'a*b', 'write'],
  ['and matches nothing else', { permissions: [{ ...write, constraints: { prefix: 'a*' } }] }, 'ab', undefined],
  ['a star among names is literal', { permissions: [{ ...write, constraints: { in: ['*'] } }] }, 'a', undefined],
  ['a resource with a star is a name', { permissions: [{ ...write, resource: 'doc*' }] }, 'doc*', 'write'],
  ['rooms with a role', { permissions: { rooms: ['r'], role: 'x', name: 'y' } }, 'r', 'write'],
  ['no rooms', { permissions: { rooms: [] } }, 'r', undefined],
  ['aud does not choose the style', { aud: 'Documents', allowedDocumentNames: ['a'] }, 'a', 'write'],
  ['a claim of the prototype', Object.create({ allowedDocumentNames: ['*'] }), 'a', undefined],
  ['documents named like object members', { documents: { 'a/*': 'read' } }, 'constructor', undefined],
  ['a document of that name', JSON.parse('{"documents":{"__proto__":"read"}}'), '__proto__', 'read'],
])('%s', ([, payload, documentName, level]) => {
  expect(readAccess(payload).levelFor(documentName)).toBe(level);
});

describe('options', () => {
  test('a token that names no documents opens nothing by default', () => {
    expect(readAccess({ sub: 'ada' }).levelFor('a')).toBeUndefined();
    expect(readAccess({ sub: 'ada' }, { unscoped: undefined }).levelFor('a')).toBeUndefined();
    expect(readAccess({ sub: 'ada' }, { unscoped: 'write' }).levelFor('a')).toBe('write');
  });

  test('unscoped does not widen a token that names documents', () => {
    for (const payload of [
      { allowedDocumentNames: [] },
      { documents: {} },
      { permissions: [] },
      { permissions: { rooms: [] } },
    ]) {
      expect(readAccess(payload, { unscoped: 'write' }).levelFor('a')).toBeUndefined();
    }
  });

  test('wrong ones are a TypeError', () => {
    const read: (...args: never[]) => unknown = readAccess;
    expect(() => Reflect.apply(read, undefined, [{}, { unscoped: 'read' }])).toThrow(TypeError);
    expect(() => Reflect.apply(read, undefined, [{}, { scoped: 'write' }])).toThrow('unknown option "scoped"');
    expect(() => Reflect.apply(read, undefined, [{}, null])).toThrow(TypeError);
  });
});

describe('what an access answers', () => {
  const access = readAccess({ documents: { 'team/*': 'read', 'team/plan': 'write', 'team/notes': 'comment' } });
  const names = ['x', 'team/plan', 'team/notes', 'team/a', 'team/plan'];

  test('filter keeps what is granted, in its order', () => {
    expect(access.filter(names)).toEqual(['team/plan', 'team/notes', 'team/a', 'team/plan']);
    expect(access.filter(names, 'comment')).toEqual(['team/plan', 'team/notes', 'team/plan']);
    expect(access.filter(names, 'write')).toEqual(['team/plan', 'team/plan']);
  });

  test('filter refuses a level that does not exist', () => {
    expect(() => Reflect.apply(access.filter, access, [names, 'owner'])).toThrow(TypeError);
  });

  test('no name is no document, even where all are granted', () => {
    const all = readAccess({ allowedDocumentNames: ['*'] });
    for (const none of [undefined, null, ['a'], 1]) {
      expect(Reflect.apply(all.levelFor, all, [none])).toBeUndefined();
    }
  });

  test('it does not change with the payload', () => {
    const payload = { allowedDocumentNames: ['a'], readonlyDocumentNames: ['b'] };
    const documents = { a: 'read' };
    const [byNames, byDocuments] = [readAccess(payload), readAccess({ documents })];
    payload.allowedDocumentNames.push('*');
    payload.readonlyDocumentNames.length = 0;
    documents.a = 'write';
    expect(byNames.filter(['a', 'b', 'c'])).toEqual(['a', 'b']);
    expect(byDocuments.levelFor('a')).toBe('read');
  });
});

describe('beside an independent reading', () => {
  const pattern = fc.stringMatching(/^[ab/]{0,4}\*?$/).filter((text) => text !== '');
  const patterns = fc.array(pattern, { maxLength: 6 });
  const name = fc.stringMatching(/^[ab/]{0,5}$/);

  test('the three lists', () => {
    fc.assert(
      fc.property(patterns, patterns, patterns, name, (allowed, readonly, comment, documentName) => {
        const lists = { allowedDocumentNames: allowed, readonlyDocumentNames: readonly, commentDocumentNames: comment };
        const listed = (list: string[]) => list.some((each) => naiveMatches(each, documentName));
        const writes = listed(allowed) ? 'write' : undefined;
        const expected = listed(comment) ? 'comment' : listed(readonly) ? 'read' : writes;
        expect(readAccess(lists).levelFor(documentName)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  test('documents', () => {
    const levels = fc.constantFrom<AccessLevel | 'none'>('read', 'comment', 'write', 'none');
    fc.assert(
      fc.property(
        fc.dictionary(pattern, levels, { maxKeys: 8, noNullPrototype: true }),
        name,
        (documents, documentName) => {
          const entry = naiveMostSpecific(Object.keys(documents), documentName);
          const level = entry === undefined ? 'none' : documents[entry];
          expect(readAccess({ documents }).levelFor(documentName) ?? 'none').toBe(level);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('permissions only add up', () => {
    const action = fc.constantFrom('Documents:Read', 'documents:COMMENT', 'Documents:Write', 'AI:Generation');
    const constraint = fc.oneof(
      fc.record({ in: fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 3 }) }),
      fc.record({ prefix: fc.stringMatching(/^[ab]{1,2}$/) }),
      fc.record({ suffix: fc.stringMatching(/^[ab]{1,2}$/) }),
      fc.record({ prefix: fc.stringMatching(/^[ab]{1,2}$/), suffix: fc.stringMatching(/^[ab]{1,2}$/) }),
    );
    const permission = fc.oneof(
      fc.record({ action, resource: fc.stringMatching(/^[ab]{1,3}$/) }),
      fc.record({
        action,
        resource: fc.constant('*'),
        constraints: fc.array(constraint, { minLength: 1, maxLength: 3 }),
      }),
    );
    const order = [undefined, 'read', 'comment', 'write'];
    fc.assert(
      fc.property(
        fc.array(permission, { maxLength: 4 }),
        fc.stringMatching(/^[ab]{0,4}$/),
        (permissions, documentName) => {
          let best = 0;
          for (const each of permissions) {
            const hit =
              'constraints' in each
                ? each.constraints.some((one) => {
                    if ('in' in one) return one.in.includes(documentName);
                    const [prefix, suffix] = ['prefix' in one ? one.prefix : '', 'suffix' in one ? one.suffix : ''];
                    return new RegExp(`^${prefix}.*${suffix}$`).test(documentName);
                  })
                : each.resource === documentName;
            const level = order.indexOf(each.action.toLowerCase().replace('documents:', ''));
            if (hit) best = Math.max(best, level);
          }
          expect(readAccess({ permissions }).levelFor(documentName)).toBe(order[best]);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

test('reading takes time in proportion to the number of patterns', () => {
  const read = (count: number) => {
    const payload = {
      allowedDocumentNames: Array.from({ length: count }, (_, i) => `team-${i}/${'x'.repeat(i % 40)}*`),
    };
    return cpuMs(() => readAccess(payload));
  };
  read(10_000);
  const few = Math.min(...Array.from({ length: 5 }, () => read(10_000)));
  const many = Math.min(...Array.from({ length: 5 }, () => read(100_000)));
  expect(many / few).toBeLessThan(60);
});
