import { expect, test } from 'vitest';
import { requireClaims } from '../../src/core/require-claims.ts';
import { readAccess } from '../../src/core.ts';

const access = readAccess({ allowedDocumentNames: ['a'] });
const requireAny = (claims: unknown) => () => Reflect.apply(requireClaims, undefined, [claims]);

test('claims are handed back as they are', () => {
  const claims = { access, expiresAt: new Date(), payload: {} };
  expect(requireClaims(claims)).toBe(claims);
});

test.each([undefined, null, true, 'ada', {}, { expiresAt: new Date() }, { access: {}, expiresAt: new Date() }])(
  '%j grants nothing',
  (claims) => {
    expect(requireAny(claims)).toThrow(new TypeError('"verify" must return claims with "access"'));
  },
);

test.each([undefined, null, new Date(Number.NaN), Date.now(), '2030-01-01', Number.POSITIVE_INFINITY])(
  '%s is no end: a connection with it would never come to one',
  (expiresAt) => {
    expect(requireAny({ access, expiresAt })).toThrow(
      new TypeError('"verify" must return claims with "expiresAt", a date'),
    );
  },
);
