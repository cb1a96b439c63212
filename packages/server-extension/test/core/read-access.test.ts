import { describe, expect, test } from 'vitest';
import { readAccess } from '../../src/core.ts';
import vectors from './access.json' with { type: 'json' };

describe('the shared table of claims and levels', () => {
  test.for(vectors)('$why: $documentName is $expect', ({ payload, unscoped, documentName, expect: expected }) => {
    const options = unscoped === 'write' ? ({ unscoped } as const) : {};
    if (expected === 'invalid') {
      expect(() => readAccess(payload, options)).toThrow(expect.objectContaining({ reason: 'token-invalid' }));
      return;
    }
    const access = readAccess(payload, options);
    expect(access.levelFor(documentName) ?? null).toBe(expected);
    expect(access.explain(documentName).level ?? null).toBe(expected);
  });
});
