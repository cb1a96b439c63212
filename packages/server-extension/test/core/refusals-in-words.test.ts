import { expect, test } from 'vitest';
import { AuthError, type AuthReason, readAccess } from '../../src/core.ts';

const write = { action: 'Documents:Write', resource: '*' };

test.for<[payload: unknown, what: string]>([
  ['text', 'its payload is not an object'],
  [{ documents: {}, permissions: [] }, 'it names documents in more than one style'],
  [{ permissions: 1 }, 'permissions is neither a list nor an object'],
  [{ allowedDocumentNames: '*' }, 'allowedDocumentNames is not a list'],
  [{ commentDocumentNames: [1] }, 'commentDocumentNames holds something that is not a pattern'],
  [{ permissions: { rooms: '*' } }, 'permissions.rooms is not a list'],
  [{ permissions: { rooms: [], x: 1 } }, 'permissions has something beside rooms that is not understood'],
  [{ documents: [] }, 'documents is not an object'],
  [{ documents: { 'a*b': 'read' } }, 'documents has a name that is not a pattern'],
  [{ documents: { a: 'owner' } }, 'documents holds an unknown level'],
  [{ permissions: [1] }, 'permissions holds something that is not an object'],
  [{ permissions: [{ ...write, action: 'write' }] }, 'permissions holds a malformed action'],
  [{ permissions: [{ ...write, resource: '' }] }, 'permissions holds a malformed resource'],
  [{ permissions: [{ ...write, effect: 'deny' }] }, 'permissions holds a key that is not understood'],
  [
    { permissions: [{ ...write, resource: 'a', constraints: { prefix: 'a' } }] },
    'permissions holds constraints beside the name of a document',
  ],
  [{ permissions: [{ ...write, constraints: [] }] }, 'constraints is an empty list'],
  [{ permissions: [{ ...write, constraints: 'a' }] }, 'a constraint is not an object'],
  [
    { permissions: [{ ...write, constraints: {} }] },
    'a constraint is neither a prefix, nor a suffix, nor both, nor a list of names',
  ],
  [{ permissions: [{ ...write, constraints: { in: [] } }] }, 'a constraint lists no names'],
  [{ permissions: [{ ...write, constraints: { prefix: 1 } }] }, 'a constraint holds something that is not a text'],
])('%j: %s', ([payload, what]) => {
  expect(() => readAccess(payload)).toThrow(expect.objectContaining({ message: `The token is not valid: ${what}.` }));
});

test.for<[reason: AuthReason, message: string]>([
  ['token-missing', 'No token was presented.'],
  ['token-invalid', 'The token is not valid.'],
  ['token-expired', 'The token has expired.'],
  ['token-revoked', 'The token was withdrawn.'],
  ['subject-changed', 'The token belongs to somebody else than the connection it was meant to renew.'],
  ['document-forbidden', 'The token does not grant this document.'],
  ['rate-limited', 'Too many attempts.'],
  ['auth-unavailable', 'Access cannot be checked right now.'],
])('%s: %s', ([reason, message]) => {
  expect(new AuthError(reason)).toMatchObject({ reason, message });
});

test('wrong arguments are named', () => {
  expect(() => Reflect.apply(readAccess, undefined, [{}, { unscoped: 1 }])).toThrow(
    new TypeError(`readAccess: "unscoped" must be 'deny' or 'write'`),
  );
  expect(() => Reflect.apply(readAccess, undefined, [{}, { scoped: 1 }])).toThrow(
    new TypeError('readAccess: unknown option "scoped"; it takes unscoped'),
  );
  const access = readAccess({});
  expect(() => Reflect.apply(access.filter, access, [[], 'owner'])).toThrow(
    new TypeError('filter: "level" must be read, comment or write'),
  );
});
